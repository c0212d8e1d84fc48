/**
 * A Node environment for jest that works with native addons: jest gives every test file typed arrays
 * of its own, which the addon of tfjs-node does not recognise, so the host's are handed in.
 */
const v8 = require('node:v8');
const vm = require('node:vm');
const {TestEnvironment} = require('jest-environment-node');

// The addon reads the process's true environment, of which jest gives the tests a copy.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
// Most code of a test file runs once or twice: compiling it at once takes an eighth less time than interpreting it
// first.
v8.setFlagsFromString('--always-sparkplug');

// Jest compiles every module again for each test file, TensorFlow.js among them, which took a third of a second. The
// modules stay apart; a worker only keeps what V8 made of their text.
const compiled = new Map();
const {compileFunction} = vm;
vm.compileFunction = (source, parameters, options) => {
  const key = [options.filename, ...parameters].join();
  const known = compiled.get(key);
  if (known?.source === source) return compileFunction(source, parameters, {...options, cachedData: known.data});
  const result = compileFunction(source, parameters, {...options, produceCachedData: true});
  compiled.set(key, {source, data: result.cachedData});
  return result;
};

const SHARED = [
  'ArrayBuffer',
  'SharedArrayBuffer',
  'DataView',
  'Float32Array',
  'Float64Array',
  'Int8Array',
  'Int16Array',
  'Int32Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Uint16Array',
  'Uint32Array',
  'BigInt64Array',
  'BigUint64Array',
];

module.exports = class NativeEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    for (const name of SHARED) this.global[name] = globalThis[name];
  }
};
