/** The thread of an OnnxSession: it answers ids, [rows, columns], with the probabilities of the rows. */
const {parentPort, workerData} = require('node:worker_threads');
const {InferenceSession, Tensor} = require('onnxruntime-node');

/** Rows that are computed at a time: the products of more leave the caches. */
const TILE_ROWS = 128;

async function serve({model, columns, threads}) {
  const session = await InferenceSession.create(model, {
    logSeverityLevel: 3,
    intraOpNumThreads: threads,
    // Threads that wait for work by spinning would take the processor from the one that reads requests.
    extra: {session: {intra_op: {allow_spinning: '0'}}},
  });
  // The session has a copy of the weights.
  delete workerData.model;
  const [input] = session.inputNames;
  const [output] = session.outputNames;
  const predict = async ids => {
    const probabilities = new Float32Array(ids.length / columns);
    for (let row = 0; row < probabilities.length; row += TILE_ROWS) {
      const tile = ids.subarray(row * columns, (row + TILE_ROWS) * columns);
      const result = await session.run({[input]: new Tensor('int32', tile, [tile.length / columns, columns])});
      probabilities.set(result[output].data, row);
    }
    return {probabilities};
  };
  // Answers carry no name, so they keep the order of the questions.
  let last = Promise.resolve();
  parentPort.on('message', ids => {
    last = last.then(async () => parentPort.postMessage(await predict(ids).catch(error => ({error}))));
  });
  parentPort.postMessage('ready');
}

void serve(workerData);
