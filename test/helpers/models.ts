import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {FieldEmbedding, FieldSpec, GatedInteraction, GatedInteractionArgs} from 'tfjs-autofis/layers';
import {generator, integers, normal} from './random';

export const fields: FieldSpec[] = [
  {name: 'user_ID', size: 6},
  {name: 'C1', size: 5},
  {name: 'a_b', size: 4},
  {name: 'hour', size: 3},
];

export interface ModelOptions extends GatedInteractionArgs {
  optimizer?: tf.Optimizer | string;
  seed?: number;
  dim?: number;
  size?: FieldSpec[];
}

function gatedLayers({optimizer: _, seed = 1, dim = 3, size = fields, ...gate}: ModelOptions): tfl.layers.Layer[] {
  return [
    new FieldEmbedding({
      fields: size,
      outputDim: dim,
      seed,
      name: 'table',
      embeddingsInitializer: tfl.initializers.randomUniform({minval: -0.5, maxval: 0.5, seed}),
    }),
    new GatedInteraction({name: 'gate', seed: seed + 1, ...gate}),
    tfl.layers.activation({activation: 'sigmoid', name: 'sigmoid'}),
  ];
}

/** FieldEmbedding -> GatedInteraction -> sigmoid, every start seeded, compiled with Adam by default. */
export function gatedModel(options: ModelOptions = {}): tfl.Sequential {
  const model = tfl.sequential({layers: gatedLayers(options)});
  model.compile({optimizer: options.optimizer ?? 'adam', loss: 'binaryCrossentropy'});
  return model;
}

/** The same as a functional model. */
export function functionalModel(options: ModelOptions = {}): tfl.LayersModel {
  const inputs = tfl.input({shape: [(options.size ?? fields).length], dtype: 'int32'});
  const outputs = gatedLayers(options).reduce((x, layer) => layer.apply(x) as tfl.SymbolicTensor, inputs);
  const model = tfl.model({inputs, outputs});
  model.compile({optimizer: options.optimizer ?? 'adam', loss: 'binaryCrossentropy'});
  return model;
}

export interface Rows {
  ids: number[][];
  labels: number[];
}

/**
 * Rows whose label depends on the given combinations of fields: y = 1 where the sum of one normal number for each
 * combination of values is positive.
 */
export function plantedRows(count: number, specs: readonly FieldSpec[], planted: number[][], seed: number): Rows {
  const next = generator(seed);
  const tables = planted.map(fields =>
    Array.from({length: fields.reduce((n, f) => n * specs[f].size, 1)}, () => normal(next)),
  );
  const ids = Array.from({length: count}, () => specs.map(({size}) => integers(next, 1, size)[0]));
  const labels = ids.map(row =>
    planted.reduce((sum, fields, t) => sum + tables[t][fields.reduce((at, f) => at * specs[f].size + row[f], 0)], 0) > 0
      ? 1
      : 0,
  );
  return {ids, labels};
}

/** Rows as the tensors that `fit` takes; disposed by `dispose`. */
export function asTensors({ids, labels}: Rows) {
  const xs = tf.tensor2d(ids, [ids.length, ids[0].length], 'int32');
  const ys = tf.tensor2d(labels, [labels.length, 1]);
  return {xs, ys, dispose: () => tf.dispose([xs, ys])};
}

/** Everything of a save that reaches the disk, as JSON and bytes, loaded into a new model. */
export async function saveAndLoad(model: tfl.LayersModel, includeOptimizer = false): Promise<tfl.LayersModel> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async artifacts => {
      saved = {...JSON.parse(JSON.stringify({...artifacts, weightData: null})), weightData: artifacts.weightData};
      return {modelArtifactsInfo: {dateSaved: new Date(0), modelTopologyType: 'JSON'}};
    }),
    {includeOptimizer},
  );
  return tfl.loadLayersModel(tf.io.fromMemory(saved!));
}

/** Rows as tensors for each test of a file, which end with it. */
export function testTensors(rows: Rows): Pick<ReturnType<typeof asTensors>, 'xs' | 'ys'> {
  const data = {} as ReturnType<typeof asTensors>;
  beforeEach(() => {
    Object.assign(data, asTensors(rows));
  });
  afterEach(() => data.dispose());
  return data;
}

/** Dispose models with their optimizers. */
export function disposeTrained(...models: tfl.LayersModel[]): void {
  for (const model of models) {
    const {optimizer} = model;
    model.dispose();
    optimizer.dispose();
  }
}
