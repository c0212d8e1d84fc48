import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldAwareEmbedding} from '../../layers/field_aware_embedding';
import {AutofisError} from '../errors';
import type {Interaction} from '../interactions';
import {Gate} from './gates';
import {isFieldAware, layersOf} from './model_layers';
import {outputsOf, readersOf} from './unread_fields';

/** A FieldAwareEmbedding of which a slim model needs only some pairs. */
export interface KeptPairs {
  readonly embedding: FieldAwareEmbedding;
  /** The needed pairs, as positions among its fields. */
  readonly interactions: readonly Interaction[];
}

/**
 * The field-aware embeddings of gates that lose pairs. At least one pair stays, so that the layer has an output.
 *
 * @param open For each gate the interactions that stay.
 * @throws AutofisError on a gate whose FieldAwareEmbedding has another reader, dropout in between apart.
 */
export function keptPairs(
  where: string,
  model: tfl.LayersModel,
  gates: readonly Gate[],
  open: readonly Interaction[][],
): KeptPairs[] {
  const outputs = outputsOf(model);
  const sources = layersOf(model)
    .filter(isFieldAware)
    .map(embedding => ({embedding, readers: readersOf(embedding, outputs)}));
  return gates.flatMap(({layer}, g) => {
    if (!layer.fieldAware || open[g].length === layer.interactions.length) return [];
    const own = sources.filter(
      ({embedding, readers}) => readers.length === 1 && readers[0] === layer && !outputs.has(embedding),
    );
    if (own.length < layer.inboundNodes.length) {
      throw new AutofisError(
        `${where}: gate ${layer.name} must be the only reader of its FieldAwareEmbedding, whose closed pairs lose ` +
          'their vectors. Give each reader a FieldAwareEmbedding of its own.',
      );
    }
    const interactions = open[g].length > 0 ? open[g] : layer.interactions.slice(0, 1);
    return own.map(({embedding}) => ({embedding, interactions}));
  });
}
