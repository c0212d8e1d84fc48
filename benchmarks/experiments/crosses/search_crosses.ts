import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {FieldSpec, lazyAdam, SeededBatches} from 'tfjs-autofis';
import {lr} from 'tfjs-autofis/models';
import type {PartName, Table} from '../encode';
import {candidateLosses} from './candidate_losses';
import {Columns, Cross, crossColumns, sideBySide} from './cross_columns';

export interface CrossSearchArgs {
  fields: FieldSpec[];
  parts: Record<PartName, Table>;
  seed: number;
  batchSize: number;
  /** Sets that are grown beside each other; default 2. */
  beam?: number;
  /** The most crosses of a set; default 20. */
  mostCrosses?: number;
  /** The most fields of a cross; default 3. */
  mostFields?: number;
  /** Combinations that fewer training rows have share one weight; default 5. */
  leastRows?: number;
  /** What counts as a fall of the validation rows' logloss; default 1e-4. */
  leastGain?: number;
  /** Growth ends after this number of crosses without a fall; default 3. */
  patience?: number;
  /** Of Adam where all weights of a set are trained; default 0.01. */
  learningRate?: number;
  /** Of Adam where candidates are compared, which have one pass; default 0.05. */
  candidateRate?: number;
  /** Rounds of halving among the candidates; default 3. */
  rounds?: number;
}

/** What a search found. */
export interface CrossSearch {
  /** In the order in which they were added. */
  crosses: Cross[];
  /** Logloss of the validation rows with no cross, one, two, ... */
  path: number[];
  /** The fields, then the crosses. */
  columns: Columns;
  /** The linear model at the end of the search, on `columns`; the caller disposes it. */
  model: tfl.LayersModel;
}

/** A set of crosses with a linear model that was trained on them. */
interface LinearSet {
  crosses: Cross[];
  kernel: Float32Array;
  bias: Float32Array;
  /** For the training rows. */
  logits: Float32Array;
  path: number[];
}

/** The largest number of passes over which a set is trained. */
const MOST_PASSES = 30;

/**
 * Searches crosses of fields for a linear model, in the manner of AutoCross (Luo et al., KDD 2019): from the fields
 * alone a set grows by one cross at a time, each the union of two of its members, and the cross wins that lowers the
 * progressive logloss of the training rows most when its weights alone are trained on mini-batches (`candidateLosses`).
 * Then the training of all weights continues until the validation rows' logloss rises. The best `beam` sets of each
 * size go on; growth ends where that logloss has not fallen for `patience` crosses, and the best set so far is the
 * result.
 */
export async function searchCrosses(args: CrossSearchArgs): Promise<CrossSearch> {
  return new CrossSearcher(args).search();
}

class CrossSearcher {
  private readonly args: Required<CrossSearchArgs>;
  private readonly known = new Map<string, Columns>();
  private readonly labels: Record<'train' | 'validation', Float32Array>;

  constructor(args: CrossSearchArgs) {
    this.args = {
      beam: 2,
      mostCrosses: 20,
      mostFields: 3,
      leastRows: 5,
      leastGain: 1e-4,
      patience: 3,
      learningRate: 0.01,
      candidateRate: 0.05,
      rounds: 3,
      ...args,
    };
    this.labels = {train: args.parts.train.labels, validation: args.parts.validation.labels};
  }

  async search(): Promise<CrossSearch> {
    const {mostCrosses, beam, leastGain, patience} = this.args;
    const features = this.args.fields.reduce((sum, {size}) => sum + size, 0);
    let sets = [
      await this.trained({crosses: [], kernel: new Float32Array(features), bias: new Float32Array(1), path: []}),
    ];
    let best = sets[0];
    for (let size = 1; size <= Math.min(mostCrosses, best.crosses.length + patience); size++) {
      const children = [];
      for (const set of sets) children.push(...(await this.children(set)));
      const chosen = different(children.sort((a, b) => a.logloss - b.logloss)).slice(0, beam);
      sets = [];
      for (const child of chosen) sets.push(await this.trained(child));
      const [leader] = [...sets].sort((a, b) => last(a.path) - last(b.path));
      if (leader === undefined) break;
      if (last(leader.path) < last(best.path) - leastGain) best = leader;
    }
    const {model, columns, optimizer} = this.modelOf(best);
    optimizer.dispose();
    return {crosses: best.crosses, path: best.path, columns, model};
  }

  /** The set with one cross more, for each of the `beam` best. */
  private async children(set: LinearSet): Promise<Array<Omit<LinearSet, 'logits'> & {logloss: number}>> {
    const {fields, mostFields, beam, batchSize, candidateRate, rounds, seed} = this.args;
    const candidates = unions([...fields.map((_, f) => [f]), ...set.crosses], mostFields);
    if (candidates.length === 0) return [];
    const found = await candidateLosses(
      candidates.map(cross => this.columnsOf(cross)),
      {logits: set.logits, labels: this.labels.train},
      {batchSize, learningRate: candidateRate, rounds, seed: seed + 1000 * (1 + set.crosses.length)},
    );
    return found.slice(0, beam).map(({index, logloss, weights}) => ({
      logloss,
      crosses: [...set.crosses, candidates[index]],
      bias: set.bias,
      path: set.path,
      kernel: Float32Array.from([...set.kernel, ...weights]),
    }));
  }

  /** All weights of a set trained from where they are, while the logloss of the validation rows falls. */
  private async trained(start: Omit<LinearSet, 'logits'>): Promise<LinearSet> {
    const {batchSize, seed} = this.args;
    const {model, columns, optimizer} = this.modelOf(start);
    const linear = tfl.model({inputs: model.inputs, outputs: model.getLayer('linear').output as tfl.SymbolicTensor});
    const tensors = {train: this.tensorOf(columns, 'train'), validation: this.tensorOf(columns, 'validation')};
    const ys = tf.tensor2d(this.labels.train, [this.labels.train.length, 1]);
    const logitsOf = (part: 'train' | 'validation') => {
      const output = linear.predict(tensors[part], {batchSize: 10000}) as tf.Tensor;
      const logits = output.dataSync() as Float32Array;
      output.dispose();
      return logits;
    };
    const now = () => {
      const [kernel, bias] = model.getWeights().map(weight => weight.dataSync().slice() as Float32Array);
      return {kernel, bias, logloss: loglossOf(logitsOf('validation'), this.labels.validation)};
    };
    const batches = new SeededBatches({xs: tensors.train, ys}, {batchSize, seed});
    let best = now();
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      await model.fitDataset(batches as never, {epochs: 1, verbose: 0, yieldEvery: 'never'});
      const next = now();
      if (next.logloss >= best.logloss) break;
      best = next;
    }
    setWeights(model, best);
    const set = {
      crosses: start.crosses,
      kernel: best.kernel,
      bias: best.bias,
      path: [...start.path, best.logloss],
      logits: logitsOf('train'),
    };
    tf.dispose([tensors.train, tensors.validation, ys]);
    [model, optimizer].forEach(part => part.dispose());
    return set;
  }

  private modelOf({crosses, kernel, bias}: Pick<LinearSet, 'crosses' | 'kernel' | 'bias'>) {
    const {fields, parts, learningRate} = this.args;
    const own: Columns = {
      fields,
      ids: {train: parts.train.ids, validation: parts.validation.ids, test: parts.test.ids},
    };
    const columns = sideBySide([own, ...crosses.map(cross => this.columnsOf(cross))]);
    const optimizer = lazyAdam({learningRate});
    const model = lr({fields: columns.fields, optimizer});
    setWeights(model, {kernel, bias});
    return {model, columns, optimizer};
  }

  private columnsOf(cross: Cross): Columns {
    const {fields, parts, leastRows} = this.args;
    const known = this.known.get(cross.join()) ?? crossColumns(fields, parts, cross, leastRows);
    this.known.set(cross.join(), known);
    return known;
  }

  private tensorOf({ids}: Columns, part: PartName): tf.Tensor2D {
    const {rows} = this.args.parts[part];
    return tf.tensor2d(ids[part], [rows, ids[part].length / rows], 'int32');
  }
}

/** The first set of each content: two sets may come to the same crosses in different orders. */
function different<T extends {crosses: Cross[]}>(sets: readonly T[]): T[] {
  const contents = sets.map(({crosses}) =>
    crosses
      .map(cross => cross.join())
      .sort()
      .join(' '),
  );
  return sets.filter((_, i) => contents.indexOf(contents[i]) === i);
}

const last = (values: readonly number[]) => values[values.length - 1];

function setWeights(model: tfl.LayersModel, {kernel, bias}: {kernel: Float32Array; bias: Float32Array}): void {
  tf.tidy(() => model.setWeights([tf.tensor2d(kernel, [kernel.length, 1]), tf.tensor1d(bias)]));
}

/** The crosses of two members each that are not members yet, of at most `most` fields. */
export function unions(members: readonly Cross[], most: number): Cross[] {
  const known = new Set(members.map(member => member.join()));
  const found: Cross[] = [];
  members.forEach((a, i) =>
    members.slice(i + 1).forEach(b => {
      const cross = [...new Set([...a, ...b])].sort((x, y) => x - y);
      if (cross.length > most || known.has(cross.join())) return;
      known.add(cross.join());
      found.push(cross);
    }),
  );
  return found;
}

/** Mean of softplus(z) - y z. */
function loglossOf(logits: Float32Array, labels: Float32Array): number {
  let sum = 0;
  logits.forEach((z, i) => {
    sum += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - labels[i] * z;
  });
  return sum / logits.length;
}
