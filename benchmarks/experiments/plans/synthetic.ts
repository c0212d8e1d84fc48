import {autoSelect, LabeledRows, retrainModel, SearchStage, SeededBatches} from 'tfjs-autofis';
import {autoFm, fm} from 'tfjs-autofis/models';
import {mean, score} from '../../internals';
import {barChart, lineChart} from '../figure';
import {asTensors, forParts, Loaded} from '../lab';
import {meanSd, short} from '../numbers';
import type {Table} from '../encode';
import type {Job, Plan, Section} from '../plan';
import {noiseData} from '../noise_data';
import {plantedData} from '../planted';
import {searchedModels} from '../searched_models';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

const ROWS = 50000;
const BATCH = 500;
const EPOCHS = 30;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
/** Of a search by SearchStage. */
const SEARCH_EPOCHS = 10;
/** Tables of noise for each seed. */
const NOISE_TABLES = 2;
const NOISE_ROWS = 20_000;
const RECIPES = ['default', 'paper'] as const;
/** The curves by epoch are drawn of one seed. */
const CURVE_SEED = 1;

/** A search of a model by SearchStage. */
interface Searched {
  recipe: (typeof RECIPES)[number];
  model: string;
  /** None in a table of noise. */
  planted: string[];
  /** By |alpha|. */
  selected: string[];
}

interface Result {
  planted: string[];
  /** Names of the selected pairs. */
  selected: string[];
  /** Logloss of held-out rows that each pair saves; 0 where its gate is closed. */
  gain: Record<string, number>;
  /** Test AUC of the selection, and of products of all pairs. */
  test: number;
  whole: number | null;
  /** Test AUC at the end of each epoch, by model; of one seed. */
  curves?: Record<string, number[]>;
}

/** Data whose three relevant pairs are known. */
export const synthetic: Plan = {
  name: 'synthetic',
  title: 'Synthetic data: are the planted pairs found?',
  question: 'Does the search find planted interactions?',
  about:
    `Six fields of 60 values, ${ROWS.toLocaleString('en')} rows, three of the 15 pairs planted by the seed ` +
    '(benchmarks/experiments/planted.ts). ' +
    '`autoSelect` with its defaults; recall and precision are of its selection. The bar: ' +
    'both at least .95 over ten seeds. Then searches of one model by `SearchStage` as it is, and by method `grda` ' +
    '(paper).',
  defaults: {data: [], seeds: SEEDS},

  jobs: ({seeds}) => [
    ...seeds.map(job),
    ...RECIPES.flatMap(recipe =>
      Object.keys(searchedModels).flatMap(model => seeds.map(seed => searchJob(recipe, model, seed))),
    ),
    ...seeds.flatMap(seed => Array.from({length: NOISE_TABLES}, (_, k) => noiseJob(seed, NOISE_TABLES * seed + k))),
  ],

  report(all) {
    const isSearch = ({result}: {result: unknown}) => 'recipe' in (result as object);
    const entries = all.filter(entry => !isSearch(entry));
    const results = entries.map(({result}) => result as Result);
    if (results.length === 0) return searchSections(all.map(({result}) => result as Searched));
    const recall = results.map(recallOf);
    const precision = results.map(precisionOf);
    const holds = mean(recall) >= 0.95 && mean(precision) >= 0.95;
    const first = results[0];
    const pairs = Object.keys(first.gain);
    return [
      {
        kind: 'text',
        text:
          `Recall ${meanSd(recall, 2)}, precision ${meanSd(precision, 2)}: ` +
          (results.length < SEEDS.length
            ? `${results.length} of the bar's ${SEEDS.length} seeds.`
            : `the bar ${holds ? 'holds' : 'does not hold'}.`),
      },
      {
        kind: 'table',
        title: 'By seed',
        head: ['seed', 'planted', 'selected', 'recall', 'precision', 'AUC of the selection', 'AUC of all pairs'],
        rows: results.map((r, i) => [
          String(entries[i].seed),
          r.planted.join(', '),
          r.selected.join(', '),
          recall[i].toFixed(2),
          precision[i].toFixed(2),
          short(r.test),
          r.whole === null ? '-' : short(r.whole),
        ]),
      },
      ...searchSections(all.filter(isSearch).map(({result}) => result as Searched)),
      {
        kind: 'figure',
        name: 'synthetic-gain',
        title: `Held-out gain by pair, seed ${entries[0].seed}; planted: ${first.planted.join(', ')}`,
        chart: barChart(
          pairs,
          [{name: 'logloss of held-out rows that the pair saves', values: pairs.map(pair => first.gain[pair])}],
          'gain',
        ),
      },
      ...results.flatMap(({curves}) =>
        curves === undefined
          ? []
          : [
              {
                kind: 'figure' as const,
                name: 'synthetic-epochs',
                title: `Test AUC by epoch, seed ${CURVE_SEED}`,
                chart: lineChart(
                  Object.entries(curves).map(([name, aucs]) => ({name, points: aucs.map((auc, e) => [e + 1, auc])})),
                  {x: 'epoch', y: 'test AUC'},
                ),
              },
            ],
      ),
    ];
  },
};

function recallOf({planted, selected}: Pick<Searched, 'planted' | 'selected'>): number {
  return planted.filter(p => selected.includes(p)).length / planted.length;
}

/** 0 where nothing is selected. */
function precisionOf({planted, selected}: Pick<Searched, 'planted' | 'selected'>): number {
  return selected.filter(p => planted.includes(p)).length / Math.max(1, selected.length);
}

/** Tell whether the planted pairs have the largest |alpha|. */
function leads({planted, selected}: Searched): boolean {
  return selected.slice(0, planted.length).every(pair => planted.includes(pair)) && selected.length >= planted.length;
}

/** What searches of one model have found. */
function searchSections(results: readonly Searched[]): Section[] {
  const planted = results.filter(each => each.planted.length > 0);
  const noise = results.filter(each => each.planted.length === 0);
  const rows = RECIPES.flatMap(recipe =>
    Object.keys(searchedModels).flatMap(model => {
      const own = planted.filter(each => each.recipe === recipe && each.model === model);
      return own.length === 0
        ? []
        : [
            [
              recipe,
              model,
              meanSd(own.map(recallOf), 2),
              meanSd(own.map(precisionOf), 2),
              meanSd(
                own.map(({selected}) => selected.length),
                1,
              ),
              `${own.filter(leads).length} of ${own.length}`,
            ],
          ];
    }),
  );
  return rows.length === 0
    ? []
    : [
        {
          kind: 'table',
          title: `Searches of one model by SearchStage, ${SEARCH_EPOCHS} epochs of batches of ${BATCH} rows`,
          head: ['search', 'model', 'recall', 'precision', 'pairs open of 15', 'planted pairs lead by |alpha|'],
          rows,
        },
        {
          kind: 'text',
          text:
            `Noise (10 fields, ${NOISE_ROWS.toLocaleString('en')} rows, labels that depend on nothing): the default search of AutoFM ` +
            `leaves no gate open in ${noise.filter(({selected}) => selected.length === 0).length} of ${noise.length} tables.`,
        },
      ];
}

function searchJob(recipe: Searched['recipe'], model: string, seed: number): Job {
  return {
    key: `${recipe} ${model} ${seed}`,
    data: 'synthetic',
    seed,
    run: async (): Promise<Searched> => {
      const {fields, parts, planted} = plantedData({rows: ROWS, seed});
      return {
        recipe,
        model,
        planted: planted.map(pair => pair.join('-')),
        selected: await searched(searchedModels[model](fields, seed), parts.train, recipe),
      };
    },
  };
}

function noiseJob(seed: number, table: number): Job {
  return {
    key: `noise ${table}`,
    data: 'synthetic',
    seed,
    run: async (): Promise<Searched> => {
      const {fields, parts} = noiseData({rows: NOISE_ROWS, fields: 10, seed: table});
      const selected = await searched(autoFm({fields, seed: table}), parts.train, 'default');
      return {recipe: 'default', model: 'AutoFM', planted: [], selected};
    },
  };
}

/** The pairs that a search leaves open, the largest |alpha| first; disposes the model. */
async function searched(model: tfl.LayersModel, rows: Table, recipe: Searched['recipe']): Promise<string[]> {
  const {xs, ys} = asTensors(rows);
  const inputs = model.inputs.length === 1 ? xs : tf.split(xs as tf.Tensor, model.inputs.length, 1);
  const search = new SearchStage(recipe === 'paper' ? {method: {type: 'grda'}} : {});
  const fit = {epochs: SEARCH_EPOCHS, batchSize: BATCH, verbose: 0, yieldEvery: 'never'} as const;
  await model.fit(inputs, ys, {...fit, callbacks: [search]});
  model.dispose();
  tf.dispose([xs, ys, inputs] as never);
  return search.selection.map(({interaction}) => interaction.join('-'));
}

function job(seed: number): Job {
  return {
    key: `synthetic ${seed}`,
    data: 'synthetic',
    seed,
    async run() {
      const {fields, parts, planted} = plantedData({rows: ROWS, seed});
      const data: Loaded<LabeledRows> = {fields, parts: forParts(parts, asTensors)};
      const pairName = (pair: readonly number[]) => pair.join('-');
      const model = autoFm({fields, seed});
      const {selection, decision, test, rivals, model: slim} = await autoSelect({fields, ...data.parts, seed});
      const curves =
        seed !== CURVE_SEED
          ? undefined
          : {
              FM: await curve(fm({fields, seed}), data, seed),
              'AutoFM, all pairs': await curve(autoFm({fields, seed}), data, seed),
              'AutoFM, the selected pairs': await curve(retrainModel(model, selection, {seed}), data, seed),
            };
      [model, slim, ...rivals.map(rival => rival.model)].forEach(m => m.dispose());
      tf.dispose(Object.values(data.parts) as never);
      return {
        planted: planted.map(pairName),
        selected: selection.map(s => pairName(s.interaction)).sort(),
        gain: Object.fromEntries(
          decision.interactions
            .filter(({order}) => order === 2)
            .map(({interaction, gain}) => [pairName(interaction), gain]),
        ),
        test: test!.auc,
        whole: rivals.find(({role}) => role === 'all')?.test.scores.auc ?? null,
        curves,
      };
    },
  };
}

/** Test AUC after each epoch of a plain training. */
async function curve(model: tfl.LayersModel, {parts}: Loaded<LabeledRows>, seed: number): Promise<number[]> {
  const aucs: number[] = [];
  await model.fitDataset(new SeededBatches(parts.train, {batchSize: BATCH, seed}) as never, {
    epochs: EPOCHS,
    verbose: 0,
    yieldEvery: 'never',
    callbacks: {
      onEpochEnd: async () => {
        aucs.push((await score(model, parts.test)).auc);
      },
    },
  });
  model.dispose();
  return aucs;
}
