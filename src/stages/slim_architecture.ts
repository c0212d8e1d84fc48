import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldSpec} from '../../layers/field_layout';
import {compareInteractions} from '../interactions';
import {checkCompiled, checkModel, findGates, Gate} from './gates';
import {layersOf} from './model_layers';
import {LayerEntry, rebuildModel} from './rebuild';
import {Selection} from './selection';
import {checkSelection} from './check_selection';
import {neededPairs, partlyRead, ReadFields} from './unread_fields';

/** A gate of a slim model. */
interface SlimGate {
  readonly layer: Gate['layer'];
  /** The gate that it was made of. */
  readonly source: Gate;
  /** The selected interactions of the gate, in the layer's order. */
  readonly selected: Selection;
}

/**
 * Build a model that computes only the selected interactions of another one, with fresh weights and not compiled.
 *
 * @param changeGate Further changes to the config of each of its gates.
 */
export function slimArchitecture(
  where: string,
  model: tfl.LayersModel,
  selection: Selection,
  seed: number | null,
  changeGate?: (config: LayerEntry['config']) => void,
): {slim: tfl.LayersModel; gates: SlimGate[]} {
  checkModel(where, model);
  const gates = findGates(where, model);
  checkSelection(where, selection, gates);
  const selections = selectionsOf(gates, selection);
  const gateOf = new Map(gates.map(({layer}, g) => [layer.name, g]));
  const open = selections.map(selected => selected.map(s => s.interaction));
  const partly = partlyRead(model, gates, open);
  const changes = new Map<string, LayerEntry['config']>(
    partly.map(read => [read.embedding.name, {fields: withIgnored(read)}]),
  );
  neededPairs(where, model, gates, open).forEach((interactions, name) => changes.set(name, {interactions}));
  checkCompiled(where, model);
  const slim = rebuildModel(where, model, {
    seed,
    change: ({className, config}) => {
      const name = config['name'] as string;
      Object.assign(config, changes.get(name));
      const g = gateOf.get(name);
      const positions = partly.find(({readers}) => readers.includes(name))?.positions;
      if (g !== undefined) {
        slimGate(config, gates[g], selections[g], positions);
        changeGate?.(config);
      } else if (className === 'GatedInteraction') retainFields(config, positions);
    },
  });
  const layers = new Map(layersOf(slim).map(layer => [layer.name, layer]));
  const slimGates = gates.map((source, g) => ({
    layer: layers.get(source.layer.name) as Gate['layer'],
    source,
    selected: selections[g],
  }));
  return {slim, gates: slimGates};
}

/** The selected interactions of each gate, in the order of its layer. */
function selectionsOf(gates: readonly Gate[], selection: Selection): Selection[] {
  return gates.map((_, g) =>
    selection.filter(s => s.gate === g).sort((a, b) => compareInteractions(a.interaction, b.interaction)),
  );
}

/** Change the config of a gate to that of the slim model; `positions` are as in {@link retainFields}. */
function slimGate(
  config: LayerEntry['config'],
  {fieldNames}: Gate,
  selected: Selection,
  positions: readonly number[] | undefined,
): void {
  // The names go with the gate, so that they survive without the FieldEmbedding before it.
  config['fields'] = fieldNames.map(name => ({name}));
  retainFields(config, positions);
  config['interactions'] = selected.map(s => s.interaction.map(f => positions?.indexOf(f) ?? f));
}

/** Leave the fields that a gate's embedding still reads; undefined stands for all. */
function retainFields(config: LayerEntry['config'], positions: readonly number[] | undefined): void {
  const names = config['fields'] as Array<{name: string}> | null;
  if (names !== null && positions !== undefined) config['fields'] = positions.map(f => names[f]);
}

function withIgnored({embedding: {fields, embedded}, positions}: ReadFields): FieldSpec[] {
  const stay = positions.map(p => embedded[p]);
  return fields.map(field => (stay.includes(field) ? {...field} : {...field, ignored: true}));
}
