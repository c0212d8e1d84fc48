/** The first page of the documentation after its imports: search, selection, retraining, saving. */
const rows = 256;
const fields = [
  {name: 'user_ID', size: 6},
  {name: 'C1', size: 5},
  {name: 'hour', size: 4},
];

/** Ids and labels that depend on nothing but their place. */
function data(tf) {
  const ids = Array.from({length: rows}, (_, i) => fields.map(({size}, f) => (i * 7 + (i % (f + 2))) % size));
  return {ids: tf.tensor2d(ids, undefined, 'int32'), labels: tf.tensor2d(ids.map(([a, b]) => [(a + b) % 2]))};
}

/** Saves the slim model in `url`; gives its predictions. */
exports.train = async (tf, {FieldEmbedding, GatedInteraction, SearchStage, retrainModel}, url) => {
  const {ids, labels} = data(tf);
  const model = tf.sequential();
  model.add(new FieldEmbedding({fields, outputDim: 4, seed: 1}));
  model.add(new GatedInteraction({seed: 2}));
  model.add(tf.layers.activation({activation: 'sigmoid'}));
  model.compile({optimizer: 'adam', loss: 'binaryCrossentropy'});
  const search = new SearchStage();
  await model.fit(ids, labels, {epochs: 2, batchSize: 32, verbose: 0, callbacks: [search]});
  const slim = retrainModel(model, search.selection.slice(0, 2), {seed: 3});
  await slim.fit(ids, labels, {epochs: 1, batchSize: 32, verbose: 0});
  await slim.save(url);
  return {
    fields: search.selection.map(selected => selected.fields),
    predictions: Array.from(slim.predict(ids).dataSync()),
  };
};

/** Predictions of the model saved in `url`. */
exports.load = async (tf, url) => {
  const model = await tf.loadLayersModel(`${url}/model.json`);
  return {predictions: Array.from(model.predict(data(tf).ids).dataSync())};
};
