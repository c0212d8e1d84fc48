import type * as tfl from '@tensorflow/tfjs-layers';
import {BilinearFusion} from '../../layers/bilinear_fusion';
import {FeatureGate} from '../../layers/feature_gate';
import {invalidArgument} from '../errors';
import {apply, ModelBuilder} from './model_builder';
import type {ModelOptions} from './model_options';

export interface FinalMlpOptions extends ModelOptions {
  /**
   * Names of the fields that the gate of each of the two streams reads, such as [['user'], ['item']]; default
   * [[], []]: each gate reads a learned vector.
   */
  gateFields?: [string[], string[]];
}

/**
 * FinalMLP (Mao et al., AAAI 2023): two MLPs, each of the embeddings as a gate of its own weighs them, and a bilinear
 * function of what both give, in `heads` parts,
 *   sigmoid(b + u^T x + v^T y + sum_h x_h^T W_h y_h),  x = MLP_1(g_1 * E),  y = MLP_2(g_2 * E),
 *   g_s = 2 sigmoid(W2_s^T relu(W1_s^T c_s + b1_s) + b2_s).
 * c_s are the embeddings of the stream's `gateFields`, or a learned vector; `gateUnits` is the width of W1. Both MLPs
 * have the layers of `hiddenUnits`, the last of which `heads` must divide.
 *
 * Input: ids [B, W]; output: probabilities [B, 1].
 *
 * @throws AutofisError on an invalid option.
 */
export function finalMlp(options: FinalMlpOptions): tfl.LayersModel {
  const builder = new ModelBuilder('finalMlp', options, {extraKeys: ['gateFields']});
  const {fields, gateUnits: hiddenUnits, heads, hiddenUnits: layers} = builder.options;
  const {gateFields = [[], []]} = options;
  const names = fields.filter(({ignored}) => ignored !== true).map(({name}) => name);
  if (!isTwoLists(gateFields, names)) {
    const cure = `The fields are: ${JSON.stringify(names)}.`;
    throw invalidArgument('finalMlp', 'gateFields', 'be two lists of names of fields', gateFields, cure);
  }
  const last = layers.at(-1);
  if (last !== undefined && last % heads !== 0)
    throw invalidArgument('finalMlp', 'heads', `divide the units of the last hidden layer, ${last}`, heads);
  const [left, right] = (['left', 'right'] as const).map((part, s) => {
    const context = gateFields[s].map(name => names.indexOf(name));
    // The MLP's layers have the first seeds of the part.
    const gate = new FeatureGate({name: `${part}_gate`, context, hiddenUnits, seed: builder.seed(part, 16)});
    return builder.hidden([apply(gate, builder.embeddings())], part);
  });
  const fusion = new BilinearFusion({name: 'fusion', heads, seed: builder.seed('specific')});
  return builder.model([apply(fusion, [left, right])]);
}

function isTwoLists(value: unknown, names: readonly string[]): boolean {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    value.every(list => Array.isArray(list) && list.every(name => names.includes(name as string)))
  );
}
