import {writeText} from '../../examples/flights/summary';
import {writeGenerated} from '../../benchmarks/generated';
import {markdownTable} from '../../benchmarks/report';
import type {Backend} from './backends';
import type {ComparedSpecs} from './specs';

/** What benchmarks/results/conformance.json holds. */
export interface Conformance {
  tfjsCore: string;
  backends: Record<Backend, ComparedSpecs>;
}

/** What ran under a sanitizer, as the driver of test/native prints it. */
export interface Ran {
  /** Ops, all that the library registers. */
  ops: number;
  calls: number;
  /** Threads of a kernel, and threads that call kernels at the same time. */
  threads: number;
  callers: number;
  /** Instruction sets of the passes. */
  variants: string[];
}

export type Sanitizer = 'address' | 'undefined' | 'thread';

/** What benchmarks/results/sanitizers.json holds. */
export type Sanitized = Record<Sanitizer, Ran & {findings: number}>;

/** The tables of docs/conformance.md, by the names of the files that their figures are in. */
export const tables = {
  conformance: ({backends}: Conformance) =>
    markdownTable(
      ['', 'specs', 'failing without the library', 'failing with it', 'failing only with it'],
      Object.entries(backends).map(([backend, of]) => [
        backend,
        count(of.specs),
        count(of.failing.stock),
        count(of.failing.ours),
        count(Object.keys(of.newlyFailing).length),
      ]),
    ),
  sanitizers: (sanitized: Sanitized) =>
    markdownTable(
      ['', 'ops', 'calls', 'instruction sets', 'threads of a kernel', 'callers at a time', 'findings'],
      Object.entries(sanitized).map(([sanitizer, of]) => [
        sanitizer,
        count(of.ops),
        count(of.calls),
        of.variants.join(', '),
        count(of.threads),
        count(of.callers),
        count(of.findings),
      ]),
    ),
};

const count = (n: number) => n.toLocaleString('en');

const COMMANDS = {conformance: 'npm run conformance', sanitizers: 'npm run test:sanitizers'};

/** Writes benchmarks/results/NAME.json, and its table in docs/conformance.md. */
export async function writeFigures<Name extends keyof typeof tables>(
  name: Name,
  figures: Parameters<(typeof tables)[Name]>[0],
): Promise<void> {
  await writeText(`benchmarks/results/${name}.json`, `${JSON.stringify(figures, null, 1)}\n`);
  await writeGenerated('docs/conformance.md', COMMANDS[name], tables[name](figures as never));
}
