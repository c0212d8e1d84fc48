import * as tfl from '@tensorflow/tfjs-layers';
import type {FieldEmbedding} from '../../layers/field_embedding';
import {columnCount} from '../../layers/field_layout';
import {AutofisError} from '../errors';
import {fieldSpecs, type FittedSchema} from '../schema/vocabulary';
import {isFieldLayer, layersOf} from '../stages/model_layers';

/** Check that the model reads the ids that the fitted schema gives, and has one output a row. */
export function checkModelFits(where: string, model: tfl.LayersModel, fitted: FittedSchema): void {
  const specs = fieldSpecs(fitted);
  const columns = columnCount(specs);
  const {inputs, outputs} = model;
  const input = inputs.map(({shape}) => `[${shape.map(size => size ?? 'batch')}]`).join(', ');
  const output = outputs.map(({shape}) => `[${shape.map(size => size ?? 'batch')}]`).join(', ');
  if (inputs.length !== 1 || inputs[0].shape.length !== 2 || inputs[0].shape[1] !== columns) {
    throw new AutofisError(
      `${where}: \`model\` must have one input [batch, ${columns}], the ids of the schema's ${specs.length} fields. ` +
        `Received: ${input}.`,
    );
  }
  if (outputs.length !== 1 || outputs[0].shape.length !== 2 || outputs[0].shape[1] !== 1) {
    throw new AutofisError(
      `${where}: \`model\` must have one output [batch, 1], the probability. Received: ${output}.`,
    );
  }
  for (const layer of layersOf(model)) {
    if (!isFieldLayer(layer)) continue;
    const {fields} = layer as FieldEmbedding;
    const wrong = specs.findIndex(
      ({name, size, width}, i) =>
        fields[i]?.name !== name || fields[i].size !== size || (fields[i].width ?? 1) !== (width ?? 1),
    );
    if (wrong < 0) continue;
    throw new AutofisError(
      `${where}: the model's layer ${layer.name} has the field ${JSON.stringify(fields[wrong] ?? null)} where the ` +
        'schema has ' +
        `${JSON.stringify(specs[wrong])}. Save the model with the schema that it was trained with.`,
    );
  }
}
