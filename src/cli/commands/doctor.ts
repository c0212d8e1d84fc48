import type {CommandSpec} from '../command';
import type {Finding} from '../doctor/packages';

export const doctorCommand: CommandSpec = {
  name: 'doctor',
  summary: 'check this machine: what works, what is missing, and how to get it',
  description:
    'Checks Node, the copies of TensorFlow.js, the GPU, optional packages and every backend, each of which times ' +
    'a few search steps in its own process. With --backend, checks that backend only.',
  settings: ['backend'],
  examples: ['doctor', 'doctor --json', 'doctor --backend wasm'],
  run: async ({values: {backend}, output}) => {
    if (backend !== undefined) {
      const {probe, findingOf} = await import('../doctor/probe');
      const found = await probe(backend);
      output.result(found);
      output.say(lines([findingOf(backend, found)]));
      return found.loads && found.training === null ? 0 : 1;
    }
    const {gpu, node, optionalPackages, tfjsCopies} = await import('../doctor/packages');
    const findings: Finding[] = [node(), ...tfjsCopies(process.cwd())];
    const hasTfjs = findings.every(({state}) => state === 'good');
    if (hasTfjs) {
      const {backends} = await import('../doctor/probe');
      output.note('trying the backends ...');
      findings.push(...(await backends()));
    }
    findings.push(await gpu(), ...optionalPackages(process.cwd()));
    const healthy = findings.every(({state}) => state !== 'broken');
    output.result({healthy, findings});
    output.say(lines(findings));
    output.say(healthy ? '\nReady.' : '\nNot ready: see what is broken above.');
    return healthy ? 0 : 1;
  },
};

function lines(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({name}) => name.length));
  return findings
    .map(({name, state, detail, cure}) => {
      const line = `${state.padEnd(7)}  ${name.padEnd(width)}  ${detail}`;
      return cure === undefined ? line : `${line}\n${' '.repeat(width + 11)}-> ${cure}`;
    })
    .join('\n');
}
