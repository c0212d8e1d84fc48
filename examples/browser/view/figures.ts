import type {Progress, RetrainProgress} from '../protocol';
import {words} from '../strings';
import {make, write} from './element';

type Name = keyof typeof words.figures;

const NONE = words.numbers.none;

/** The row of figures above a run. */
export class Figures {
  private readonly places = new Map<Name, HTMLElement>();

  constructor(root: HTMLElement) {
    for (const [name, text] of Object.entries(words.figures) as Array<[Name, string]>) {
      const place = make('dd', {}, NONE);
      this.places.set(name, place);
      root.append(make('div', {}, make('dt', {}, text), place));
    }
  }

  clear(): void {
    for (const place of this.places.values()) write(place, NONE);
  }

  search({step, steps, alpha, threshold, ...moving}: Progress): void {
    const values = alpha.flat();
    const {ofTotal} = words.run;
    this.show({
      ...shared({step, steps, ...moving}),
      gates: ofTotal(values.filter(value => value !== 0).length, values.length),
      threshold: threshold.toFixed(3),
    });
  }

  retrain(progress: RetrainProgress): void {
    this.show(shared(progress));
  }

  /** Nothing moves any more. */
  rest(): void {
    this.show({speed: NONE, left: NONE});
  }

  private show(texts: Partial<Record<Name, string>>): void {
    for (const [name, text] of Object.entries(texts) as Array<[Name, string]>) write(this.places.get(name)!, text);
  }
}

/** What a search and a retraining both have. */
function shared({
  step,
  steps,
  loss,
  auc,
  stepsPerSecond,
  secondsLeft,
}: Omit<RetrainProgress, 'role'>): Partial<Record<Name, string>> {
  const digits = (value: number | null) => (value === null ? NONE : value.toFixed(4));
  return {
    step: words.run.ofTotal(step, steps),
    loss: digits(loss),
    auc: digits(auc),
    speed: stepsPerSecond === 0 ? NONE : stepsPerSecond.toFixed(0),
    left: words.run.seconds(secondsLeft),
  };
}
