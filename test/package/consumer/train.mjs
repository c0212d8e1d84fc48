// train.mjs BACKEND URL: the first page as an ES module; BACKEND `direct` imports tfjs-node itself, as the page does.
import * as core from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import {FieldEmbedding, GatedInteraction, retrainModel, SearchStage} from 'tfjs-autofis';
import {useBackend} from 'tfjs-autofis/runtime';
import page from './page.cjs';

const [backend, url] = process.argv.slice(2);
if (backend !== 'direct') await useBackend(backend);
const tf = backend === 'direct' ? await import('@tensorflow/tfjs-node') : {...core, ...layers};
console.log(JSON.stringify(await page.train(tf, {FieldEmbedding, GatedInteraction, SearchStage, retrainModel}, url)));
