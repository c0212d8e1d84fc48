// load.cjs BACKEND URL: loads a saved model with nothing of the library but a bare require; BACKEND as in train.mjs.
require('tfjs-autofis');
const page = require('./page.cjs');

async function main(backend, url) {
  if (backend !== 'direct') await require('tfjs-autofis/runtime').useBackend(backend);
  const tf =
    backend === 'direct'
      ? require('@tensorflow/tfjs-node')
      : {...require('@tensorflow/tfjs-core'), ...require('@tensorflow/tfjs-layers')};
  console.log(JSON.stringify(await page.load(tf, url)));
}

void main(...process.argv.slice(2));
