// train.cjs BACKEND URL: the first page as a CommonJS module; BACKEND as in train.mjs.
const autofis = require('tfjs-autofis');
const page = require('./page.cjs');

async function main(backend, url) {
  if (backend !== 'direct') await require('tfjs-autofis/runtime').useBackend(backend);
  const tf =
    backend === 'direct'
      ? require('@tensorflow/tfjs-node')
      : {...require('@tensorflow/tfjs-core'), ...require('@tensorflow/tfjs-layers')};
  console.log(JSON.stringify(await page.train(tf, autofis, url)));
}

void main(...process.argv.slice(2));
