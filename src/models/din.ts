import type * as tfl from '@tensorflow/tfjs-layers';
import {AttentionEmbedding} from '../../layers/attention_embedding';
import type {FieldSpec} from '../../layers/field_layout';
import {invalidArgument} from '../errors';
import {apply, ModelBuilder} from './model_builder';
import type {ModelOptions} from './model_options';

export interface DinOptions extends ModelOptions {
  /** Name of the multi-hot field of a user's earlier items. */
  behaviour: string;
  /** Name of the one-hot field of the item in question; of the same size. */
  candidate: string;
}

/**
 * DIN, the deep interest network (Zhou et al., KDD 2018): an MLP reads the embeddings, of which that of the behaviour
 * is a sum over the user's earlier items, weighed by what they have to do with the candidate,
 *   sigmoid(MLP([e_1, ..., e_m])),  e_behaviour = sum_l a(v_l, e_candidate) v_l.
 * `attentionUnits` is the width of a. The behaviour has the candidate's ids and embeddings.
 *
 * Input: ids [B, W]; output: probabilities [B, 1].
 */
export function din(options: DinOptions): tfl.LayersModel {
  const builder = new ModelBuilder('din', options, {extraKeys: ['behaviour', 'candidate']});
  const {fields, embeddingDim, attentionUnits, l2} = builder.options;
  const embedding = new AttentionEmbedding({
    name: 'embedding',
    fields,
    outputDim: embeddingDim,
    behaviour: fieldOf('behaviour', options, true),
    candidate: fieldOf('candidate', options, false),
    attentionUnits,
    batchL2: l2,
    seed: builder.seed('specific'),
  });
  return builder.model([builder.mlp([builder.dropped(apply(embedding, builder.ids))])]);
}

function fieldOf(argument: 'behaviour' | 'candidate', options: DinOptions, multiHot: boolean): {name: string} {
  const isOne = ({width, ignored}: FieldSpec) => (width != null) === multiHot && ignored !== true;
  const name = options[argument];
  const names = options.fields.filter(isOne).map(field => field.name);
  if (names.includes(name)) return {name};
  const rule = `be the name of a ${multiHot ? 'multi' : 'one'}-hot field`;
  throw invalidArgument('din', argument, rule, name, `The choices are: ${JSON.stringify(names)}.`);
}
