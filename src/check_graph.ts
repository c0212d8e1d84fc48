import {isCount} from './checks';
import {AutofisError} from './errors';

/**
 * A call of a layer as a topology has it: for each input the layer that it comes from, which of its calls, and which
 * output.
 */
type Call = Array<[string, number, number, ...unknown[]]>;

interface SavedLayer {
  name: string;
  class_name: string;
  config: {name?: unknown} | null;
  inbound_nodes: Call[];
}

/** The config of a model in a topology. */
interface SavedGraph {
  layers: SavedLayer[];
  input_layers: Call;
  output_layers: Call;
}

/**
 * Check that each layer of a saved model reads what other layers give, in models within it as well. On a graph that
 * cannot be resolved tfjs-layers would never return: it retries the layers whose inputs are missing, without end.
 *
 * @param at What to call the file.
 * @param topology `modelTopology` of a model.json.
 */
export function checkGraph(at: string, topology: unknown): void {
  // A list and no recursion: a damaged file may be nested deeper than the stack reaches.
  const values = [topology];
  for (const value of values) {
    if (value === null || typeof value !== 'object') continue;
    for (const inner of Object.values(value)) values.push(inner);
    const {config} = value as {config?: Partial<SavedGraph> | null};
    if (Array.isArray(config?.layers) && config.input_layers !== undefined) checkOne(at, config as SavedGraph);
  }
}

function checkOne(at: string, {layers, input_layers: inputs, output_layers: outputs}: SavedGraph): void {
  const refuse = (what: string) =>
    new AutofisError(`${at}: the model's graph is invalid: ${what}. Copy or save the model again.`);
  for (const layer of layers) {
    if (typeof layer?.name !== 'string' || !Array.isArray(layer.inbound_nodes) || !layer.inbound_nodes.every(isCall)) {
      throw refuse(`a layer has no name or no inputs (${JSON.stringify(layer?.name ?? null)})`);
    }
  }
  if (new Set(layers.map(({name}) => name)).size < layers.length) throw refuse('two of its layers have the same name');
  const other = layers.find(({name, config}) => config?.name !== undefined && config.name !== name);
  if (other !== undefined)
    throw refuse(
      `the layer ${JSON.stringify(other.name)} is named ${JSON.stringify(other.config!.name)} in its config`,
    );
  /** Calls of each layer that are resolved. Inputs, and models within this one, have one from the start. */
  const resolved = new Map(
    layers.map(({name, class_name: type, config}) => [
      name,
      type === 'InputLayer' || 'layers' in Object(config) ? 1 : 0,
    ]),
  );
  const isThere = ([name, call]: Call[number]) => call < (resolved.get(name) ?? 0);
  let waiting = layers.flatMap(({name, inbound_nodes: calls}) => calls.map(call => ({name, call})));
  for (let before = Infinity; waiting.length < before;) {
    before = waiting.length;
    waiting = waiting.filter(({name, call}) => {
      if (!call.every(isThere)) return true;
      if (call.length > 0) resolved.set(name, resolved.get(name)! + 1);
      return false;
    });
  }
  for (const {name, call} of waiting) {
    const stranger = call.find(([from]) => !resolved.has(from));
    if (stranger !== undefined)
      throw refuse(
        `the layer ${JSON.stringify(name)} reads ${JSON.stringify(stranger[0])}, which the model does not have`,
      );
  }
  if (waiting.length > 0)
    throw refuse(`the layer ${JSON.stringify(waiting[0].name)} depends on itself or on an output that no layer has`);
  for (const [role, list] of [
    ['input', inputs],
    ['output', outputs],
  ] as const) {
    const wrong = isCall(list) ? list.find(part => !isThere(part)) : list;
    if (wrong !== undefined) throw refuse(`its ${role} ${JSON.stringify(wrong)} belongs to no layer`);
  }
}

function isCall(call: unknown): call is Call {
  return (
    Array.isArray(call) &&
    call.every(from => Array.isArray(from) && typeof from[0] === 'string' && isCount(from[1]) && isCount(from[2]))
  );
}
