import {GatedInteraction, retrainModel, Selection} from 'tfjs-autofis';
import {autoFm, autoIpnn, ipnn} from 'tfjs-autofis/models';
import type {DataName} from '../data';
import {runChart} from '../figure';
import type {Entry} from '../journal';
import type {Lab} from '../lab';
import {meanSd, range} from '../numbers';
import {dataOf, entriesOf, groupBy, jobPerSeed, Plan, Section} from '../plan';
import {protocol} from '../protocol';
import {ModelRun, searchEpochs, searchUntilOpen, trainOnce} from '../runs';
import {autoModels} from '../zoo';

type Row = 'IPNN' | 'AutoIPNN' | "IPNN with AutoFM's selection";

interface Result extends ModelRun {
  row: Row;
}

/** RQ2 of the paper: whether what AutoFM selects serves another model. */
export const transfer: Plan = {
  name: 'transfer',
  title: "Transfer: AutoFM's selection inside IPNN",
  question: 'Do the interactions that AutoFM selects help another model?',
  about:
    'IPNN with all products is compared with IPNN on the products of its own search and on those that AutoFM ' +
    'selected. Searches and retrains are as in table 1; a search that closes every gate is repeated with half the ' +
    'strength.',
  defaults: {data: ['frappe', 'adult'], seeds: [1, 2, 3]},

  jobs: options => jobPerSeed(options, run),

  report: entries => dataOf(entries).flatMap(data => sections(data, entriesOf(entries, data))),
};

async function run(name: DataName, seed: number, lab: Lab): Promise<Result[]> {
  const data = await lab.data(name, seed);
  const {fields} = data;
  const deep = protocol(name, 'deep');
  const shallow = protocol(name, 'shallow');
  const search = (build: () => ReturnType<typeof autoFm>, strength: number) =>
    searchUntilOpen(build, data, {
      epochs: searchEpochs[name],
      batchSize: deep.training.batchSize,
      seed,
      strength,
    });
  const source = await search(() => shallow.build(autoFm, {fields, seed}), autoModels['AutoFM'].strength[name]);
  source.model.dispose();
  const {model: target, found} = await search(
    () => deep.build(autoIpnn, {fields, seed}),
    autoModels['AutoIPNN'].strength[name],
  );
  const all = (target.getLayer('pairs') as GatedInteraction).interactions.length;
  const retrain = (selection: Selection) =>
    trainOnce(retrainModel(target, selection, {seed: seed + 100}), data, deep.training, seed, selection.length);
  const rows: Result[] = [
    {row: 'IPNN', ...(await trainOnce(deep.build(ipnn, {fields, seed}), data, deep.training, seed, all))},
    {row: 'AutoIPNN', ...(await retrain(found.selection))},
    // The gates of both models stand on the same fields, so the selection fits.
    {row: "IPNN with AutoFM's selection", ...(await retrain(source.found.selection))},
  ];
  target.dispose();
  return rows;
}

function sections(data: string, entries: Entry[]): Section[] {
  const byRow = groupBy(
    entries.flatMap(({result}) => result as Result[]),
    r => r.row,
  );
  return [
    {
      kind: 'table',
      title: data,
      head: ['model', 'kept', 'AUC', 'logloss', 'parameters'],
      rows: byRow.map(([row, runs]) => [
        row,
        range(runs.map(r => r.kept!)),
        meanSd(runs.map(r => r.auc)),
        meanSd(runs.map(r => r.logloss)),
        range(runs.map(r => r.parameters)),
      ]),
    },
    {
      kind: 'figure',
      name: `transfer-${data}`,
      title: `${data}: test AUC by the interactions of IPNN`,
      chart: runChart(
        byRow.map(([row]) => row),
        [{name: 'a seed', values: byRow.map(([, runs]) => runs.map(r => r.auc))}],
        'test AUC',
      ),
    },
  ];
}
