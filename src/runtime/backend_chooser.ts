import * as tf from '@tensorflow/tfjs-core';
import {AutofisError, invalidArgument} from '../errors';
import type {BackendChoice, BackendName, RejectedBackend} from './backend_choice';
import {registerKernels} from './kernels/index';

/** A backend that is now the current one, and what it is called in a sentence. */
export type Loaded = Pick<BackendChoice, 'tensorflow' | 'gpu'> & {title: string};

/** Backends of a runtime environment, Node or a browser. */
export interface BackendHost<B extends BackendName> {
  /** `in Node`. */
  where: string;
  backends: readonly B[];
  /** The order of attempts, by default that of `backends`; at its second attempt a backend may be slower. */
  order?: readonly B[];
  /** Make one backend the current one, or throw the reason why not; `insist` where it is asked for or tried again. */
  load(backend: B, insist: boolean): Promise<Loaded>;
  /** Say in one line why a backend did not load. */
  explain(error: unknown, backend: B): string;
  /** Why the first one is taken. */
  firstChoice: string;
  /** Advice where the requested backend is not available, and where none is. */
  cures: {named: string; none: string};
}

/** A function that makes the first backend of a place that loads the current one, and remembers it. */
export function backendChooser<B extends BackendName>(
  host: BackendHost<B>,
): (name: BackendName | undefined) => Promise<BackendChoice> {
  const choices = new Map<B | undefined, Promise<BackendChoice>>();
  return async name => {
    checkName(host, name);
    let choice = choices.get(name);
    if (!choice) {
      choice = choose(host, name);
      choices.set(name, choice);
      choice.catch(() => choices.delete(name));
    }
    const chosen = await choice;
    await tf.setBackend(chosen.backend.startsWith('tfjs-node') ? 'tensorflow' : chosen.backend);
    return chosen;
  };
}

function checkName<B extends BackendName>(
  {backends, where}: BackendHost<B>,
  name: BackendName | undefined,
): asserts name is B | undefined {
  if (name === undefined || (backends as readonly BackendName[]).includes(name)) return;
  throw invalidArgument('useBackend', 'name', `be one of ${backends.join(', ')} ${where}`, name);
}

async function choose<B extends BackendName>(
  {backends, order = backends, load, explain, firstChoice, cures}: BackendHost<B>,
  name: B | undefined,
): Promise<BackendChoice> {
  const rejected: RejectedBackend[] = [];
  for (const backend of name ? [name] : order) {
    const tried = rejected.filter(entry => entry.backend !== backend);
    const isSecond = tried.length < rejected.length;
    try {
      const {title, ...loaded} = await load(backend, name !== undefined || isSecond);
      await tf.ready();
      registerKernels();
      const passedOver = tried.map(entry => `${entry.backend} (${entry.reason})`).join(', ');
      const choice = passedOver ? `passed over: ${passedOver}` : firstChoice;
      const why = name ? 'as asked for' : choice;
      return {backend, ...loaded, tried, reason: `${title}; ${why}.`};
    } catch (error) {
      if (!isSecond) rejected.push({backend, reason: explain(error, backend)});
    }
  }
  const reasons = rejected.map(entry => `${entry.backend}: ${entry.reason}`).join('; ');
  throw new AutofisError(
    `useBackend: ${name ? 'the backend is not' : 'no backend is'} available. ${reasons}. ` +
      `${name ? cures.named : cures.none}`,
  );
}
