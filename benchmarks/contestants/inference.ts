/**
 * Predictions of one process: the request's `what` says which model is asked. Argument: JSON of {rows, d, hidden,
 * batch}.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {allInteractions, GatedInteraction} from 'tfjs-autofis';
import {useBackend} from 'tfjs-autofis/runtime';
import {fieldsOf, readRows} from '../data';
import {nativePackage} from '../native';
import {Pacer} from '../pacer';
import {ctrModel, someInteractions} from './ctr_model';

const options = JSON.parse(process.argv[2]) as {rows: string; d: number; hidden: number[]; batch: number};

/** All pairs, gathered to [B, P, d] as most implementations do it: [B, m, d] -> [B, P]. */
class GatheredPairs extends tfl.layers.Layer {
  static className = 'BenchGatheredPairs';
  private pairs: tf.Tensor1D[] = [];

  override build(shape: tfl.Shape): void {
    const pairs = allInteractions(shape[1]!, 2);
    this.pairs = [0, 1].map(side =>
      tf.tensor1d(
        pairs.map(pair => pair[side]),
        'int32',
      ),
    );
    super.build(shape);
  }

  override computeOutputShape([batch, m]: tfl.Shape): tfl.Shape {
    return [batch, (m! * (m! - 1)) / 2];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const e = Array.isArray(inputs) ? inputs[0] : inputs;
      return tf.sum(tf.mul(tf.gather(e, this.pairs[0], 1), tf.gather(e, this.pairs[1], 1)), 2);
    });
  }
}

/** sum_p alpha_p (x_p - mean_p) / sqrt(variance_p + epsilon), step by step: [B, P] -> [B, 1]. */
class PlainGate extends tfl.layers.Layer {
  static className = 'BenchPlainGate';
  private constants: tf.Tensor[] = [];

  override build(shape: tfl.Shape): void {
    const P = shape[1]!;
    this.constants = [tf.fill([P], 0.6), tf.zeros([P]), tf.ones([P])];
    super.build(shape);
  }

  override computeOutputShape([batch]: tfl.Shape): tfl.Shape {
    return [batch, 1];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const [alpha, mean, variance] = this.constants;
      const normalized = tf.div(
        tf.sub(Array.isArray(inputs) ? inputs[0] : inputs, mean),
        tf.sqrt(tf.add(variance, 1e-3)),
      );
      return tf.sum(tf.mul(normalized, alpha), 1, true);
    });
  }
}

class Sum extends tfl.layers.Layer {
  static className = 'BenchSum';

  override computeOutputShape([batch]: tfl.Shape): tfl.Shape {
    return [batch, 1];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.sum(Array.isArray(inputs) ? inputs[0] : inputs, 1, true);
  }
}

const {ids, sizes} = readRows(options.rows);
const m = sizes.length;
const {d, batch} = options;
const fields = fieldsOf(sizes);

type Predict = (x: tf.Tensor) => tf.Tensor;

/** A model as users ask it. */
const modelOf = (interactions: Parameters<typeof ctrModel>[1], hidden: number[]): Predict => {
  const model = ctrModel({fields, d, hidden}, interactions);
  return x => model.predict(x, {batchSize: batch}) as tf.Tensor;
};

/** Layers one after another, without a model around them; built here, so that what they keep outlives a tidy. */
const chain = (...layers: tfl.layers.Layer[]): Predict => {
  const predict: Predict = x => layers.reduce((y, layer) => layer.apply(y) as tf.Tensor, x);
  predict(tf.zeros([1, m, d]));
  return predict;
};

async function main(): Promise<void> {
  await useBackend(nativePackage());
  const {hidden} = options;
  const autoFm = modelOf(e => new GatedInteraction().apply(e), []);
  const first = (count: number) => tf.tensor2d(ids.subarray(0, count * m), [count, m], 'int32');
  const rows = first(batch);
  const embeddings = tf.randomUniform([batch, m, d], -0.02, 0.02, 'float32', 3);
  const questions: Record<string, [Predict, tf.Tensor]> = {
    slim: [modelOf(e => new GatedInteraction({interactions: someInteractions(m, 0.24)}).apply(e), hidden), rows],
    pairs: [modelOf(e => new Sum({}).apply(new GatheredPairs({}).apply(e) as tfl.SymbolicTensor), hidden), rows],
    folded: [chain(new GatedInteraction()), embeddings],
    unfolded: [chain(new GatedInteraction({output: 'each'}), new Sum({})), embeddings],
    gathered: [chain(new GatheredPairs({}), new PlainGate({})), embeddings],
    many: [autoFm, rows],
    hundred: [autoFm, first(100)],
    one: [autoFm, first(1)],
  };

  const pacer = new Pacer();
  pacer.ready();
  while (await pacer.step()) {
    const [predict, x] = questions[pacer.what];
    tf.tidy(() => {
      predict(x).dataSync();
    });
  }
  process.exit(0);
}

void main();
