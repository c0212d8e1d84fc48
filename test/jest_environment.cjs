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

// Jest compiles every module again for each test file, TensorFlow.js among them, and each function that runs in it. The
// modules stay apart, but a worker keeps their code: a script runs in any context, with the functions compiled so far.
const compiled = new Map();
vm.compileFunction = (source, parameters, {filename, parsingContext}) => {
  const key = [filename, ...parameters].join();
  if (compiled.get(key)?.source !== source) {
    const head = `(function (${parameters.join()}) {`;
    const script = new vm.Script(`${head}${source}\n})`, {filename, columnOffset: -head.length});
    compiled.set(key, {source, script});
  }
  return compiled.get(key).script.runInContext(parsingContext);
};

// When nothing is left that a worker waits for, it ends at once, and does not take down its heap first.
process.once('beforeExit', () => process.exit());

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
