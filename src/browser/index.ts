/** All of the library that runs in a browser, as one module: what the files in dist/browser are made of. */
export * from '../index';
export * from '../models/index';
export {Bundle, loadBundle, saveBundle} from '../bundle/index';
export type {BundleStore} from '../bundle/index';
export {registerKernels, useBackend} from '../runtime/browser/index';
export type {BackendChoice, BackendName} from '../runtime/browser/index';
