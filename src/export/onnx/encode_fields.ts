import {LARGEST_CODE, parseNumber} from '../../schema/rules/numeric';
import {FIRST, MISSING, UNSEEN} from '../../schema/rules/rule';
import type {CategoricalRule, FieldRule, NumericRule} from '../../schema/schema';
import {type FittedField, type FittedSchema, fieldSpecs} from '../../schema/vocabulary';
import type {Attributes, Nodes} from './nodes';
import {DOUBLE, INT32, INT64, ML_DOMAIN, STRING, type ValueInfoProto} from './schema';

const utf8 = new TextEncoder();

/** Input of one encoded field, and the name of its ids, int32 [batch, width]. */
interface EncodedField {
  input: ValueInfoProto;
  ids: string;
}

/**
 * Add the nodes that turn raw values into the ids of a fitted schema, as RowEncoder does. Each field is an input with
 * its name: text of a categorical field, a double of a numeric one. ONNX has no dates, no hash and no lists in a text;
 * such fields take the ids that RowEncoder gives.
 *
 * @param integers Whether a categorical field takes int64 where all of its values are whole numbers.
 * @returns The inputs, and the name of the ids, int32 [batch, W].
 */
export function encodeFields(
  nodes: Nodes,
  fitted: FittedSchema,
  integers = false,
): {inputs: ValueInfoProto[]; ids: string} {
  const {schema, fields} = fitted;
  const widths = fieldSpecs(fitted).map(({width}) => width ?? 1);
  fields.forEach(({name}) => nodes.take(name));
  const encoded = schema.fields.map((rule, i) => encodeField(nodes, rule, fields[i], {width: widths[i], integers}));
  const columns = encoded.map(({ids}) => ids);
  return {inputs: encoded.map(({input}) => input), ids: nodes.node('ids', 'Concat', columns, {axis: 1})};
}

function encodeField(
  nodes: Nodes,
  rule: FieldRule,
  field: FittedField,
  {width, integers}: {width: number; integers: boolean},
): EncodedField {
  const {name, column} = rule;
  const of = `of column ${JSON.stringify(column)}`;
  switch (rule.type) {
    case 'categorical': {
      const {values = []} = field;
      const areIntegers = integers && values.length > 0 && values.every(isInteger);
      return {
        input: areIntegers
          ? input(name, INT64, `the whole number ${of}`)
          : input(name, STRING, `the text ${of}; "" where it is missing`),
        ids: asColumn(nodes, name, categoricalIds(nodes, rule, values, areIntegers)),
      };
    }
    case 'numeric':
      return {
        input: input(name, DOUBLE, `the number ${of}; NaN where it is missing`),
        ids: asColumn(nodes, name, numericIds(nodes, rule, field)),
      };
    default: {
      const doc = `ids ${of} (rule ${rule.type}), as RowEncoder gives them`;
      return width === 1
        ? {input: input(name, INT32, doc), ids: asColumn(nodes, name, name)}
        : {input: input(name, INT32, doc, width), ids: name};
    }
  }
}

function input(name: string, elemType: number, docString: string, width?: number): ValueInfoProto {
  const dim = [{dimParam: 'batch'}, ...(width === undefined ? [] : [{dimValue: width}])];
  return {name, type: {tensorType: {elemType, shape: {dim}}}, docString};
}

/** [batch] of any whole numbers as int32 [batch, 1]. */
function asColumn(nodes: Nodes, name: string, ids: string): string {
  const cast = nodes.node(name, 'Cast', [ids], {to: INT32});
  return nodes.node(name, 'Unsqueeze', [cast, nodes.integers([1], `${name}/axis`, INT64)]);
}

/** The ids of texts or whole numbers, int64 [batch]. Other texts for missing values have no whole number. */
function categoricalIds(
  nodes: Nodes,
  {name, missing = []}: CategoricalRule,
  values: readonly string[],
  areIntegers: boolean,
): string {
  const ids = new Map(values.map((value, i) => [value, FIRST + i]));
  for (const value of areIntegers ? missing.filter(isInteger) : ['', ...missing]) ids.set(value, MISSING);
  const texts = [...ids.keys()];
  const keys: Attributes = areIntegers
    ? {keys_int64s: texts.map(Number)}
    : {keys_strings: texts.map(text => utf8.encode(text))};
  return labelIds(nodes, name, name, keys, [...ids.values()]);
}

/** Tell whether a text is a whole number as JavaScript writes it, and JavaScript holds it exactly. */
export function isInteger(text: string): boolean {
  const number = Number(text);
  return Number.isSafeInteger(number) && String(number) === text;
}

function labelIds(nodes: Nodes, name: string, of: string, keys: Attributes, ids: readonly number[]): string {
  return nodes.node(name, 'LabelEncoder', [of], {...keys, values_int64s: ids, default_int64: UNSEEN}, ML_DOMAIN);
}

/** The ids of numbers, int64 [batch]. What is not finite is missing. */
function numericIds(nodes: Nodes, rule: NumericRule, {values, edges = []}: FittedField): string {
  const {name} = rule;
  const node = (op: string, inputs: readonly string[], attributes?: Attributes) =>
    nodes.node(name, op, inputs, attributes);
  const number = (value: number, part: string) =>
    nodes.initializer(`${name}/${part}`, [], DOUBLE, Float64Array.of(value));
  const missing = (rule.missing ?? []).map(parseNumber).filter(value => value !== undefined);
  const isMissing = [
    node('IsNaN', [name]),
    node('IsInf', [name]),
    ...missing.map(value => node('Equal', [name, number(value, 'missing')])),
  ].reduce((some, condition) => node('Or', [some, condition]));
  const zero = nodes.initializer(`${name}/none`, [], INT64, BigInt64Array.of(BigInt(MISSING)));
  return node('Where', [isMissing, zero, values === undefined ? bucketIds() : codeIds(values)]);

  /** 1 + the number of edges <= x. */
  function bucketIds(): string {
    const column = node('Unsqueeze', [name, nodes.integers([1], `${name}/axis`, INT64)]);
    const row = nodes.initializer(`${name}/edges`, [1, edges.length], DOUBLE, Float64Array.from(edges));
    const isReached = node('Cast', [node('GreaterOrEqual', [column, row])], {to: INT64});
    const count = node('ReduceSum', [isReached, nodes.integers([1], `${name}/axis`, INT64)], {keepdims: 0});
    return node('Add', [count, nodes.initializer(`${name}/first`, [], INT64, BigInt64Array.of(1n))]);
  }

  /** The ids of floor(ln(x)^2) for x > 2, else of x without its fraction, which a cast drops. */
  function codeIds(known: readonly string[]): string {
    const log = node('Log', [name]);
    const bucket = node('Floor', [node('Mul', [log, log])]);
    const small = node('Max', [name, number(-LARGEST_CODE, 'least')]);
    const code = node('Where', [node('Greater', [name, number(2, 'two')]), bucket, small]);
    const ids = known.map((_, i) => FIRST + i);
    return labelIds(nodes, name, node('Cast', [code], {to: INT64}), {keys_int64s: known.map(Number)}, ids);
  }
}
