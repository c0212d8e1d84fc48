import {useBackend} from '../../src/runtime/index';

/** A machine without a GPU, and a project with tfjs-node-gpu as its one native package. */
jest.mock('../../src/runtime/native_backend', () => ({
  mayHaveGpu: () => false,
  loadNative: async (name: string) => {
    if (name.endsWith('-gpu')) {
      const tf = jest.requireActual<typeof import('@tensorflow/tfjs-core')>('@tensorflow/tfjs-core');
      const {MathBackendCPU} =
        jest.requireActual<typeof import('@tensorflow/tfjs-backend-cpu')>('@tensorflow/tfjs-backend-cpu');
      tf.registerBackend('tensorflow', () => new MathBackendCPU());
      await tf.setBackend('tensorflow');
      return {tensorflow: '2.21.0', gpu: false};
    }
    throw Object.assign(new Error(`Cannot find module '${name}'`), {code: 'MODULE_NOT_FOUND'});
  },
}));

it('useBackend takes the GPU package on the CPU where that is the one native package', async () => {
  expect(await useBackend()).toEqual({
    backend: 'tfjs-node-gpu',
    tensorflow: '2.21.0',
    gpu: false,
    tried: [{backend: 'tfjs-node', reason: '@tensorflow/tfjs-node is not installed'}],
    reason:
      'native TensorFlow (tfjs-node-gpu) 2.21.0 on the CPU, as it finds no GPU that it can use; ' +
      'passed over: tfjs-node (@tensorflow/tfjs-node is not installed).',
  });
});
