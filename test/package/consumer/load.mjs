// load.mjs BACKEND URL: loads a saved model with nothing of the library but a bare import; BACKEND as in train.mjs.
import * as core from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import 'tfjs-autofis';
import page from './page.cjs';

const [backend, url] = process.argv.slice(2);
if (backend !== 'direct') await (await import('tfjs-autofis/runtime')).useBackend(backend);
const tf = backend === 'direct' ? await import('@tensorflow/tfjs-node') : {...core, ...layers};
console.log(JSON.stringify(await page.load(tf, url)));
