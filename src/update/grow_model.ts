import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {CrossLinear} from '../../layers/cross_linear';
import type {FieldEmbedding} from '../../layers/field_embedding';
import type {FieldSpec} from '../../layers/field_layout';
import {AutofisError} from '../errors';
import {fieldSpecs, type FittedSchema} from '../schema/vocabulary';
import {checkModel} from '../stages/gates';
import {isFieldAware, isFieldLayer, layersOf} from '../stages/model_layers';
import {rebuildModel} from '../stages/rebuild';
import type {DroppedValues} from '../schema/drop_values';
import {type FieldGrowth, type GrownCrosses, grownCrosses, grownField, type GrownRows, grownRows} from './grown_rows';

/** A grown model, and how its tables have grown. */
export interface GrownModel {
  /** Not compiled. The caller disposes it. */
  model: tfl.LayersModel;
  /**
   * A tensor of the shape of trainable weight i, such as a moment, grown as the weight is; rows of new values are 0.
   */
  growSlot(slot: tf.Tensor, i: number): tf.Tensor;
}

/**
 * Rebuild a model for a grown vocabulary: every weight is copied by its place, and rows of new values start from the
 * row of their field's unseen value. The new model gives rows of known values what the old one gives them, and rows of
 * new values what the old one gives unseen ones.
 *
 * Tables of FieldEmbedding, FieldLinear and AttentionEmbedding grow by field, those of FieldAwareEmbedding by field and
 * pair, and the dictionary of a CrossLinear by the combinations of unseen values. With `hashSize`, a CrossLinear has no
 * rows of its own for new values: their combinations read the weights of their hashes.
 *
 * @param model Its fields are those of the schema before; it is not changed.
 * @param fitted The schema after `growVocabulary`.
 * @throws AutofisError where the model has other fields, or weights that depend on the ids in other layers than these.
 */
export function growModel(model: tfl.LayersModel, fitted: FittedSchema): GrownModel {
  const where = 'growModel';
  checkModel(where, model);
  const specs = fieldSpecs(fitted);
  const starts = new Map(fitted.fields.map(({name, unseenId = 0}) => [name, unseenId]));
  const sizes = new Map(specs.map(({name, size}) => [name, size]));
  layersOf(model)
    .filter(isFieldLayer)
    .forEach(layer => checkFields(where, layer as FieldEmbedding, specs));
  return changed(where, model, ({name, size}) => grownField(size, sizes.get(name)!, starts.get(name)!));
}

/**
 * Rebuild a model for a vocabulary without some of its values, whose rows go; rows of those values then read what
 * unseen values have.
 *
 * @param dropped What `dropValues` has made of the schema of the model.
 */
export function shrinkModel(
  model: tfl.LayersModel,
  {fitted, sources}: Pick<DroppedValues, 'fitted' | 'sources'>,
): GrownModel {
  const byName = new Map(fitted.fields.map(({name}, f) => [name, sources[f]]));
  return changed('shrinkModel', model, ({name, size}) => {
    const grown = byName.get(name)!;
    return {size, sources: grown, known: grown.length};
  });
}

/** Rebuild a model with other ids. */
function changed(where: string, model: tfl.LayersModel, growthOf: (field: FieldSpec) => FieldGrowth): GrownModel {
  const layers = layersOf(model);
  const tables = new Map(
    layers.filter(isFieldLayer).map(layer => [layer, rowsOf(where, layer as FieldEmbedding, growthOf)]),
  );
  const counts = new Map([...tables].map(([{name}, rows]) => [name, rows !== null && 'counts' in rows && rows.counts]));
  const grown = rebuildModel(where, model, {
    seed: null,
    change: ({config}) => {
      const name = config['name'] as string;
      if (!counts.has(name)) return;
      config['fields'] = (config['fields'] as FieldSpec[]).map(field => ({
        ...field,
        size: growthOf(field).sources.length,
      }));
      if (counts.get(name)) config['counts'] = counts.get(name);
    },
  });
  layersOf(grown).forEach((layer, i) => copyWeights(where, layers[i], layer, tables.get(layers[i]) ?? null));
  const slots = model.trainableWeights.map(weight => {
    const layer = layers.find(({weights}) => weights[0] === weight);
    return layer === undefined ? null : (tables.get(layer) ?? null);
  });
  return {
    model: grown,
    growSlot: (slot, i) =>
      tf.tidy(() => {
        const rows = slots[i];
        if (rows === null) return tf.clone(slot);
        return tf.mul(tf.gather(slot, tf.tensor1d(rows.sources)), tf.tensor2d(rows.known, [rows.known.length, 1]));
      }),
  };
}

/** Return the changes of a layer's table, its first weight; null where nothing changes. */
function rowsOf(
  where: string,
  layer: FieldEmbedding | CrossLinear,
  growthOf: (field: FieldSpec) => FieldGrowth,
): GrownRows | GrownCrosses | null {
  const growths = layer.embedded.map(growthOf);
  if (growths.every(({size, sources}) => size === sources.length)) return null;
  if (layer.getClassName() === 'CrossLinear') return crossesOf(where, layer as CrossLinear, growths);
  // The behaviour of an AttentionEmbedding shares the rows of the candidate.
  const shared = (layer.getConfig()['behaviour'] as {name: string} | undefined)?.name;
  const rowsOfValue = (f: number) => {
    if (isFieldAware(layer)) return layer.interactions.filter(pair => pair.includes(f)).length;
    return layer.embedded[f].name === shared ? 0 : 1;
  };
  return grownRows(growths.map((growth, f) => ({...growth, stride: rowsOfValue(f)})));
}

function crossesOf(where: string, layer: CrossLinear, growths: readonly FieldGrowth[]): GrownCrosses | null {
  const {counts, interactions, dictionary, name} = layer;
  if (counts === null) return null;
  const crossed = interactions.map((fields, p) => ({sides: fields.map(f => growths[f]), count: counts[p]}));
  const before = dictionary!.read();
  const grown = grownCrosses(crossed, before.dataSync(), before.shape[1]!);
  if (grown !== null) return grown;
  throw new AutofisError(
    `${where}: the crosses of ${name} with unseen values would have to be copied for too many new values. ` +
      'Give the fields a minimum count, or search again on all rows.',
  );
}

function checkFields(where: string, {name, fields}: FieldEmbedding, specs: readonly FieldSpec[]): void {
  const wrong = specs.findIndex(
    (spec, i) =>
      fields[i]?.name !== spec.name || fields[i].size > spec.size || (fields[i].width ?? 1) !== (spec.width ?? 1),
  );
  if (wrong < 0 && fields.length === specs.length) return;
  throw new AutofisError(
    `${where}: the fields of layer ${name} must be those of the schema, with as many ids or fewer. Received: ` +
      `${JSON.stringify(fields[Math.max(wrong, 0)] ?? null)} where the schema has ` +
      `${JSON.stringify(specs[wrong] ?? null)}.`,
  );
}

function copyWeights(
  where: string,
  from: tfl.layers.Layer,
  to: tfl.layers.Layer,
  rows: GrownRows | GrownCrosses | null,
): void {
  tf.tidy(() => {
    const values = from.getWeights();
    if (rows !== null) values[0] = tf.gather(values[0], tf.tensor1d(rows.sources));
    if (rows !== null && 'dictionary' in rows)
      values[1] = tf.tensor2d(rows.dictionary, [rows.known.length, values[1].shape[1]!], 'int32');
    const shapes = to.getWeights().map(({shape}) => shape);
    if (values.some(({shape}, i) => !tf.util.arraysEqual(shape, shapes[i]))) {
      throw new AutofisError(
        `${where}: weights of layer ${to.name} (${to.getClassName()}) depend on the number of ids, ` +
          'and it is not a layer of this ' +
          'library. Train the model again on all rows.',
      );
    }
    if (values.length > 0) to.setWeights(values);
  });
}
