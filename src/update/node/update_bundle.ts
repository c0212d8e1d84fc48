import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {Bundle} from '../../bundle/bundle';
import {storeOf} from '../../bundle/node/save_load';
import {readOptimizer} from '../../bundle/optimizer_files';
import {loadFromStore, saveInStore} from '../../bundle/save_load';
import {type BundleStore, checkStore} from '../../bundle/store';
import {makeShards, ROWS_CURE} from '../../data/make_shards';
import {fitStaged} from '../../data/fit_schema';
import {loadTensors, trainingRows} from '../../data/shards/load_rows';
import {openShards} from '../../data/shards/open_shards';
import type {Shards} from '../../data/shards/shards';
import {temporaryFolder} from '../../data/temporary_folder';
import {AutofisError} from '../../errors';
import {countUnused, type DroppedValues, dropValues, type UnusedCounts} from '../../schema/drop_values';
import {type AddedValues, growVocabulary, withTrainingRows} from '../../schema/grow_vocabulary';
import {fieldSpecs, type FittedSchema} from '../../schema/vocabulary';
import {decisionInWords, openSelection} from '../../select/decision';
import {plainTrainer} from '../../components/products/trainer';
import type {Selection} from '../../stages/selection';
import {joinRows} from '../../training/join_rows';
import type {TrainingRows} from '../../training/rows';
import {scheduleFor} from '../../training/schedule';
import {compareBundle} from '../compare_models';
import {interactionChanges} from '../interaction_changes';
import {type Refitted, refitModel, type SearchMetadata} from '../refit_model';
import {reviewSelection} from '../review_selection';
import {trainOn, updateSchedule, withoutValues} from '../update_model';
import {updateInWords, type UpdateReport} from '../update_words';
import {newestOf, newestSplit, seenIds} from './newest_rows';
import {checkUpdateOptions, type UpdateOptions} from './update_options';
import {BUNDLE_FILE} from '../../bundle/bundle_files';

/** `updateBundle` of the entry. */
export async function updateBundle(location: string | BundleStore, options: UpdateOptions): Promise<UpdateReport> {
  const where = 'updateBundle';
  checkUpdateOptions(where, options);
  const {source, out = location, heldOut = 0.2, timeColumn, maxRejects, progress = false} = options;
  const store = storeOf(location);
  const target = storeOf(out);
  for (const used of [store, target]) checkStore(where, used);
  if (target.write === undefined) {
    throw new AutofisError(`${where}: ${target.name} is read-only. Give \`out\`, a folder or a store with \`write\`.`);
  }
  const isSame = target.name === store.name;
  if (!isSame) await target.check?.();
  const checkTarget = isSame ? await unchangedCheck(where, store) : undefined;
  const bundle = await loadFromStore(store);
  const {path: folder, remove} = temporaryFolder();
  try {
    const split = await newestSplit(bundle.fitted, {source, timeColumn, heldOut});
    const shards = path.join(folder, 'shards');
    let added: AddedValues[] = [];
    const {fitted, rejects} = await makeShards(
      where,
      {source, split, folder: shards, maxRejects, progress},
      bundle.fitted.schema,
      async (staged, reporter) => {
        const grown = growVocabulary(bundle.fitted, await fitStaged(where, bundle.fitted.schema, staged, reporter));
        added = grown.added;
        return grown.fitted;
      },
      ROWS_CURE,
    );
    const parts = {train: await openShards(shards), newest: await newestOf(where, shards)};
    const found = await trained(bundle, {store, target, checkTarget, fitted, ...parts, options});
    const report = {
      ...found,
      added,
      rows: {training: parts.train.rows, heldOut: parts.newest.rows, rejects: rejects.count},
    };
    return {...report, text: updateInWords(report)};
  } finally {
    bundle.dispose();
    await remove();
  }
}

/** The rows to continue a bundle's training with, and the place of the result. */
interface Task {
  store: BundleStore;
  target: BundleStore;
  /** Throws where another update has replaced the bundle meanwhile, which would be lost. */
  checkTarget?: () => Promise<void>;
  /** The schema with the new values. */
  fitted: FittedSchema;
  train: Shards;
  newest: Shards;
  options: UpdateOptions;
}

/** Records of earlier updates and of the search in a bundle's metadata. */
interface EarlierUpdates extends Pick<Partial<SearchMetadata>, 'forbid'> {
  unused?: UnusedCounts;
  updates?: number;
}

/** Continue the training, compare the model with the old one, and write the new bundle unless it is worse. */
async function trained(
  bundle: Bundle,
  {store, target, checkTarget, fitted, train, newest, options}: Task,
): Promise<Omit<UpdateReport, 'added' | 'rows' | 'text'>> {
  const {epochs, dropUnused, force = false, refit = false, seed = 1, trainer = plainTrainer} = options;
  const [rows, heldOut] = [await trainingRows(train), await loadTensors(newest)];
  const schedule = refit ? scheduleFor(train.rows) : updateSchedule(train.rows, epochs);
  const optimizer = refit ? null : await readOptimizer(store);
  const models: tfl.LayersModel[] = [];
  const onAllRows = <T>(work: (all: TrainingRows) => Promise<T>) => {
    const {rows: all, dispose} = joinRows(rows.rows, heldOut);
    return work(all).finally(dispose);
  };
  try {
    const shared = {fields: fieldSpecs(fitted), train: rows.rows, seed, trainer};
    const {metadata, selection: pairs} = bundle;
    const {unused: counted = {}, updates: earlier = 0, forbid} = metadata as EarlierUpdates;
    const again = refit ? await refitModel({...shared, metadata}) : null;
    const model = again?.model ?? (await trainOn(bundle.model, {...shared, fitted, optimizer, schedule}));
    models.push(model);
    const comparison = compareBundle(bundle, model, heldOut);
    const selection = again === null ? (pairs ?? []) : openSelection(again.after.decision);
    const review = refit ? null : await onAllRows(all => reviewSelection({...shared, selection, forbid, rows: all}));
    const written = force || (comparison.verdict !== 'worse' && comparison.doubts.length === 0);
    const dropped =
      dropUnused === undefined
        ? null
        : dropValues(fitted, countUnused(fitted, counted, await seenIds(fitted, [train, newest])), dropUnused);
    if (written) {
      // The comparison is over; now the newest rows teach it, too.
      if (again !== null) models.push(await onAllRows(again.on));
      if (dropped !== null) models.push(await withoutValues(models[models.length - 1], dropped, optimizer !== null));
      await checkTarget?.();
      await saveInStore(target, {
        model: models[models.length - 1],
        fitted: withTrainingRows(dropped?.fitted ?? fitted, train.rows, train.counts!, refit),
        ...(selection.length === 0 ? {} : {selection}),
        metadata: metadataAfter(metadata, again, dropped),
        optimizer: optimizer !== null,
      });
    }
    const facts = {...comparison, ...refitFacts(again, pairs ?? []), dropped: dropped?.dropped ?? []};
    return {...facts, selection: review, schedule, updates: earlier + 1, written};
  } finally {
    [rows, heldOut, ...models].forEach(item => item.dispose());
    tf.dispose(optimizer?.slots.map(({tensors}) => tensors) ?? []);
  }
}

/** Compare the search of a refit with that of the bundle. */
function refitFacts(again: Refitted | null, pairs: Selection): Pick<UpdateReport, 'kind' | 'changes'> {
  if (again === null) return {kind: null, changes: null};
  const [before, after] = [again.before, again.after].map(({decision}) => decisionInWords(decision));
  return {kind: {before, after}, changes: interactionChanges(pairs, openSelection(again.after.decision))};
}

/** Update the metadata of a bundle. */
function metadataAfter(
  known: Readonly<Record<string, unknown>>,
  again: Refitted | null,
  dropped: DroppedValues | null,
): Record<string, unknown> {
  const {unused: _, updates = 0, ...others} = known as EarlierUpdates;
  return {
    ...others,
    ...(again === null ? {} : again.after),
    updates: updates + 1,
    ...(dropped === null ? {} : {unused: dropped.unused}),
  };
}

/**
 * Note which bundle a place holds.
 *
 * @returns A check that it still holds that one. It throws where another process has replaced the bundle, whose work
 *   would be lost if a model that was trained from the old bundle took its place.
 */
async function unchangedCheck(where: string, store: BundleStore): Promise<() => Promise<void>> {
  // The file has the checksums of all others.
  const noted = await bytesIn(store);
  return async () => {
    if (noted.equals(await bytesIn(store))) return;
    throw new AutofisError(
      `${where}: ${store.name} was replaced while this update ran, and the new model has not learnt what the other ` +
        'one did. Nothing was written. Run the update again, which then starts from the new bundle.',
    );
  };
}

async function bytesIn(store: BundleStore): Promise<Buffer> {
  return Buffer.from((await store.read(BUNDLE_FILE)) ?? []);
}
