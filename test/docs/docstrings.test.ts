import ts from 'typescript';
import {brokenLinks, PublicThing, publicThings} from './public_api';

const things = publicThings();

/** What a reader looks up first has an example. */
const MAIN = [
  ...['autoSelect', 'retrainModel', 'pruneModel', 'randomSelection', 'SearchStage', 'TwoStage'],
  ...['GatedInteraction', 'FieldEmbedding', 'fieldAwareEmbedding', 'crossLinear', 'GRDA', 'lazyAdam', 'partitioned'],
  ...['EpochMetrics', 'RestoreBest', 'SeededBatches', 'predictBatches', 'evaluateMetrics', 'selectionOf'],
  ...['useBackend', 'loadBundle', 'saveBundle', 'updateBundle', 'Checkpoints', 'RowEncoder'],
  ...['inferSchema', 'fitSchema', 'encode', 'prepare', 'openShards', 'timeSplit', 'driftReport', 'autoFm'],
  ...['stockModel', 'writeGraphModel', 'writeOnnx', 'onnxBytes', 'writeSelection', 'readSelection'],
  ...['recordRun', 'report', 'htmlReport'],
];
/** Verbs that begin a docstring in the imperative. */
const INFLECTED =
  /^(Adds|Applies|Builds|Checks|Chooses|Collects|Compares|Computes|Counts|Encodes|Finds|Fits|Gives|Infers|Judges|Loads|Looks|Makes|Opens|Puts|Reads|Rebuilds|Registers|Removes|Returns|Runs|Saves|Says|Takes|Throws|Trains|Turns|Writes)\b/;

/** Whether a function, or a class's constructor or method, throws or calls a check by itself. */
function throwsItself({declaration}: PublicThing): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isThrowStatement(node)) found = true;
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && /^check[A-Z]/.test(node.expression.text))
      found = true;
    if (!found) ts.forEachChild(node, visit);
  };
  visit(declaration);
  return found;
}

/** Names that may follow `@param`: of parameters, and of what is taken out of an object, which is called `options`. */
function parametersOf({declaration}: PublicThing): string[] {
  if (!ts.isFunctionDeclaration(declaration)) return [];
  return declaration.parameters.flatMap(({name}) => {
    if (ts.isIdentifier(name)) return [name.text];
    return ['options', ...name.elements.flatMap(each => (ts.isBindingElement(each) ? [named(each)] : []))];
  });
}

function named({name, propertyName}: ts.BindingElement): string {
  return (propertyName ?? name).getText();
}

/** What is wrong with a public docstring. */
function faults(thing: PublicThing): string[] {
  const {name, declaration, text, tags} = thing;
  const has = (tag: string) => tags.some(each => each.tag === tag);
  const unknown = tags
    .filter(({tag}) => tag === 'param')
    .map(({text}) => /^\w+/.exec(text)?.[0] ?? '')
    .filter(param => !parametersOf(thing).includes(param));
  return [
    text.trim() === '' && 'has no docstring',
    ts.isFunctionDeclaration(declaration) && INFLECTED.test(text.trim()) && 'begins in the third person',
    /\bThrows\b|\bErrors( at \w+)?:/.test(text) && 'says in prose what it throws: use @throws',
    /```/.test(text) && 'has an example in prose: use @example',
    throwsItself(thing) && !has('throws') && 'throws, without @throws',
    tags.some(({tag, text}) => tag === 'throws' && !/^(Autofis)?Error .*\.$/s.test(text)) &&
      'has a @throws that is not a type and a condition that ends in a full stop',
    ...unknown.map(param => `has @param ${param}, which it does not take`),
    MAIN.includes(name) && !has('example') && 'has no @example',
  ].filter(fault => typeof fault === 'string');
}

it('finds the public functions and classes, and the main ones among them', () => {
  const names = things.map(({name}) => name);
  expect(MAIN.filter(name => !names.includes(name))).toEqual([]);
  expect(things.length).toBeGreaterThan(120);
});

it('every public docstring has one form', () => {
  expect(things.flatMap(thing => faults(thing).map(fault => `${thing.file}: ${thing.name} ${fault}`))).toEqual([]);
});

it('every link of a public comment leads to a public name', () => {
  expect(brokenLinks()).toEqual([]);
});
