/**
 * The part of jest that test files use, for a page: jest's own `expect`, mocks and tables of cases around a small
 * runner.
 */
import {expect} from 'expect';
import {bind} from 'jest-each';
import {ModuleMocker} from 'jest-mock';

type Body = () => unknown;

/** A `describe` with what stands in it. */
class Block {
  readonly hooks = {beforeAll: [] as Body[], beforeEach: [] as Body[], afterEach: [] as Body[], afterAll: [] as Body[]};
  readonly parts: Array<Block | {title: string; body: Body}> = [];

  constructor(
    readonly title: string,
    readonly outer: Block | null,
  ) {}

  /** This block and those around it, the outermost first. */
  get line(): Block[] {
    return [...(this.outer?.line ?? []), this];
  }
}

export interface TestResult {
  title: string;
  /** The message of what it threw, or null. */
  error: string | null;
}

const mocker = new ModuleMocker(globalThis as never);
let current = new Block('', null);
const top = current;

function describe(title: string, body: Body): void {
  current = new Block(title, current);
  current.outer!.parts.push(current);
  body();
  current = current.outer!;
}

function it(title: string, body: Body): void {
  current.parts.push({title, body});
}

const hook = (name: keyof Block['hooks']) => (body: Body) => {
  current.hooks[name].push(body);
};

Object.assign(globalThis, {
  expect,
  jest: {fn: mocker.fn.bind(mocker), spyOn: mocker.spyOn.bind(mocker), restoreAllMocks: () => mocker.restoreAllMocks()},
  describe: Object.assign(describe, {each: bind(describe as never, false)}),
  it: Object.assign(it, {each: bind(it as never, false)}),
  test: Object.assign(it, {each: bind(it as never, false)}),
  beforeAll: hook('beforeAll'),
  beforeEach: hook('beforeEach'),
  afterEach: hook('afterEach'),
  afterAll: hook('afterAll'),
});

async function inTurn(bodies: Body[]): Promise<void> {
  for (const body of bodies) await body();
}

async function runBlock(block: Block, results: TestResult[]): Promise<void> {
  await inTurn(block.hooks.beforeAll);
  for (const part of block.parts) {
    if (part instanceof Block) {
      await runBlock(part, results);
      continue;
    }
    const {line} = block;
    let error: string | null = null;
    try {
      await inTurn(line.flatMap(each => each.hooks.beforeEach));
      await part.body();
    } catch (thrown) {
      error = String((thrown as Error).stack ?? thrown);
    } finally {
      await inTurn([...line].reverse().flatMap(each => each.hooks.afterEach));
    }
    results.push({title: [...line.slice(1).map(({title}) => title), part.title].join(' > '), error});
  }
  await inTurn(block.hooks.afterAll);
}

/** Runs all tests of the files that were loaded after this one. */
export async function runTests(): Promise<TestResult[]> {
  const results: TestResult[] = [];
  await runBlock(top, results);
  return results;
}
