const {TestEnvironment} = require('jest-environment-node');

// jest gives each test file its own typed arrays, which the native addon does not know. Hand it the host's.
const shared = [
  'ArrayBuffer', 'Uint8Array', 'Int8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array',
  'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array', 'DataView',
];

module.exports = class HostTypedArrays extends TestEnvironment {
  async setup() {
    await super.setup();
    for (const name of shared) this.global[name] = globalThis[name];
  }
};
