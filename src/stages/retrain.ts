import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldSpec} from '../../layers/field_layout';
import {checkChoice, checkKeys} from '../checks';
import {AutofisError} from '../errors';
import {compareInteractions} from '../interactions';
import {checkModel, findGates, Gate, isGate, layersOf} from './gates';
import {recipeOf} from './model_state';
import {LayerEntry, compileLike, rebuildModel} from './rebuild';
import {baseOptimizer} from './search_optimizer';
import {checkSelection, Selection} from './selection';
import {KeptPairs, keptPairs} from './kept_pairs';
import {partlyRead, ReadFields} from './unread_fields';

export interface RetrainOptions {
  /**
   * Where alpha starts: 'warm' at the searched values, 'fresh' as in a new search, 'none' without gates: every kept
   * interaction counts alike. Default: 'warm'; 'fresh' where the model's last search, in this process, was by recipe
   * 'paper'.
   */
  alpha?: 'warm' | 'fresh' | 'none';
  /** Whether products stay normalised; default true. */
  batchNorm?: boolean;
  /** Seeds all weights; without it layers with a seed start as they did in the search, others at random. */
  seed?: number;
}

/**
 * The retrain stage's model (AutoFIS, eq. 15): a new model that computes only the selected interactions, with
 * fresh weights and a fresh optimizer, compiled as `model` was (LazyAdam where it was the name 'adam'). `model` is not
 * changed.
 *
 * It takes the same ids. A field of a FieldEmbedding that no selected interaction and no other layer reads is `ignored`
 * in it: it has no embeddings, and the gate's positions count the other fields. A FieldAwareEmbedding keeps its fields
 * and loses the vectors of closed pairs. FieldLinear keeps all of its fields.
 *
 * @throws AutofisError on an empty selection, one of other fields or of another model, or a model that was never
 * compiled.
 * @example
 * const slim = retrainModel(model, search.selection, {seed: 1});
 * await slim.fit(ids, labels, {epochs: 3, batchSize: 2000});
 */
export function retrainModel(
  model: tfl.LayersModel,
  selection: Selection,
  options: RetrainOptions = {},
): tfl.LayersModel {
  const where = 'retrainModel';
  checkKeys(where, options, ['alpha', 'batchNorm', 'seed']);
  checkModel(where, model);
  const {alpha = defaultAlpha(model), batchNorm = true, seed = null} = options;
  checkChoice(where, 'alpha', alpha, ['warm', 'fresh', 'none']);
  checkChoice(where, 'batchNorm', batchNorm, [true, false]);
  const {slim, gates} = slimArchitecture(where, model, selection, seed, config => {
    config['useAlpha'] = alpha !== 'none';
    config['batchNorm'] = batchNorm;
  });
  if (alpha === 'warm') {
    tf.tidy(() => gates.forEach(({layer, kept}) => layer.alpha?.write(tf.tensor1d(kept.map(s => s.alpha)))));
  }
  compileSlim(where, slim, model);
  return slim;
}

/** Where alpha starts in the retrain stage by the recipe of the search. */
export function defaultAlpha(model: tfl.LayersModel): 'warm' | 'fresh' {
  return recipeOf(model) === 'paper' ? 'fresh' : 'warm';
}

/**
 * The model with its closed interactions removed and all its weights kept: it predicts what `model` predicts when the
 * gates outside `selection` are closed, and is smaller. Compiled as `model` was, with a fresh optimizer. Fields that
 * nothing reads any more are `ignored`, as in `retrainModel`.
 *
 * @throws AutofisError if the selection is empty or not one of this model, or weights depend on the number of
 * interactions.
 * @example
 * const small = pruneModel(model, search.selection);
 */
export function pruneModel(model: tfl.LayersModel, selection: Selection): tfl.LayersModel {
  const where = 'pruneModel';
  const {slim, gates, partly, pairs} = slimArchitecture(where, model, selection, null);
  const rows = new Map(
    gates.map(({layer, source, kept}) => [
      layer as tfl.layers.Layer,
      kept.map(({interaction}) =>
        source.layer.interactions.findIndex(known => compareInteractions(known, interaction) === 0),
      ),
    ]),
  );
  const from = layersOf(model);
  layersOf(slim).forEach((layer, i) =>
    tf.tidy(() => {
      const places = rows.get(layer);
      const values = from[i].getWeights();
      const fields = partly.find(({embedding}) => embedding === from[i]);
      if (fields !== undefined)
        return setWeights(
          layer,
          values.map(table => rowsOf(fields, table)),
        );
      const stay = pairs.find(({embedding}) => embedding === from[i]);
      if (stay !== undefined) {
        const rows = tf.tensor1d(stay.embedding.rowsOf(stay.interactions));
        return setWeights(
          layer,
          values.map(table => tf.gather(table, rows)),
        );
      }
      if (places === undefined) return setWeights(layer, values);
      if (places.length === 0) return;
      // A gate's weights have one value an interaction, but for the scalar step count.
      setWeights(
        layer,
        values.map(value => (value.rank === 0 ? value : tf.gather(value, tf.tensor1d(places, 'int32')))),
      );
    }),
  );
  compileSlim(where, slim, model);
  return slim;
}

/** The rows of a table that belong to the fields that stay. */
function rowsOf({embedding: {embedded, starts}, positions}: ReadFields, table: tf.Tensor): tf.Tensor {
  return tf.concat(positions.map(p => tf.slice(table, [starts[p], 0], [embedded[p].size, -1])));
}

function setWeights(layer: tfl.layers.Layer, values: tf.Tensor[]): void {
  const shapes = layer.getWeights().map(w => w.shape);
  const given = values.map(v => v.shape);
  if (JSON.stringify(shapes) !== JSON.stringify(given)) {
    throw new AutofisError(
      `pruneModel: the weights of ${layer.name} depend on the number of interactions ` +
        `(${JSON.stringify(given)} became ${JSON.stringify(shapes)}), as after a gate with output 'each'. ` +
        'Use retrainModel.',
    );
  }
  if (values.length > 0) layer.setWeights(values);
}

interface SlimGate {
  readonly layer: Gate['layer'];
  readonly source: Gate;
  /** The selected interactions of the gate, in the layer's order. */
  readonly kept: Selection;
}

function slimArchitecture(
  where: string,
  model: tfl.LayersModel,
  selection: Selection,
  seed: number | null,
  changeGate?: (config: LayerEntry['config']) => void,
): {slim: tfl.LayersModel; gates: SlimGate[]; partly: ReadFields[]; pairs: KeptPairs[]} {
  checkModel(where, model);
  const gates = findGates(where, model);
  checkSelection(where, selection, gates);
  const kept = gates.map((_, g) =>
    selection.filter(s => s.gate === g).sort((a, b) => compareInteractions(a.interaction, b.interaction)),
  );
  gates.forEach(({layer}, g) => {
    if (kept[g].length === 0 && layer.outputMode === 'each') {
      throw new AutofisError(
        `${where}: no interaction of gate ${layer.name} is selected, and its output 'each' would have ` +
          'no columns. Search again with a smaller `strength`, or build the model without this gate.',
      );
    }
  });
  const place = new Map(gates.map(({layer}, g) => [layer.name, g]));
  const open = kept.map(selected => selected.map(s => s.interaction));
  const partly = partlyRead(model, gates, open);
  const pairs = keptPairs(where, model, gates, open);
  const slim = rebuildModel(where, model, {
    seed,
    change: ({className, config}) => {
      const name = config['name'] as string;
      const g = place.get(name);
      if (className === 'FieldEmbedding') {
        const read = partly.find(({embedding}) => embedding.name === name);
        if (read !== undefined) config['fields'] = withIgnored(read);
      }
      if (className === 'FieldAwareEmbedding') {
        const stay = pairs.find(({embedding}) => embedding.name === name);
        if (stay !== undefined) config['interactions'] = stay.interactions;
      }
      if (className !== 'GatedInteraction') return;
      const positions = partly.find(({readers}) => readers.includes(name))?.positions;
      // The names go with the gate, so that they survive without the FieldEmbedding before it.
      const names =
        g === undefined
          ? (config['fields'] as Array<{name: string}> | null)
          : gates[g].fieldNames.map(name => ({name}));
      config['fields'] = names !== null && positions !== undefined ? positions.map(f => names[f]) : names;
      if (g === undefined) return;
      config['interactions'] = kept[g].map(s => s.interaction.map(f => positions?.indexOf(f) ?? f));
      changeGate?.(config);
    },
  });
  const slimGates = layersOf(slim)
    .filter(isGate)
    .flatMap(layer => {
      const g = place.get(layer.name);
      return g === undefined ? [] : [{layer, source: gates[g], kept: kept[g]}];
    });
  return {slim, gates: slimGates, partly, pairs};
}

function withIgnored({embedding: {fields, embedded}, positions}: ReadFields): FieldSpec[] {
  const stay = positions.map(p => embedded[p]);
  return fields.map(field => (stay.includes(field) ? {...field} : {...field, ignored: true}));
}

function compileSlim(where: string, slim: tfl.LayersModel, model: tfl.LayersModel): void {
  if (model.optimizer == null) {
    slim.dispose();
    throw new AutofisError(
      `${where}: the model is not compiled, so its slim form cannot be. Call model.compile(...) first.`,
    );
  }
  compileLike(where, slim, model, baseOptimizer(model.optimizer));
}
