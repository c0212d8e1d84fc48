import type {RunRecord} from '../record/run_record';
import {listed, say, Text} from './text';
import {figuresOf, Figure} from './figures';
import {kindOf, modelIndex, nameOf, testIndex} from './lookups';

/** Most interactions that are named where they are not kept. */
const MOST_NAMED = 40;

/** Where nothing is kept: what was looked at. */
export function noneSelectedWords(run: RunRecord): Text {
  if (run.interactions.length === 0)
    return say`Gates were not fitted, since too few rows have the rarer label. More rows may show
      interactions.`;
  if (run.interactions.length === 1)
    return say`Held-out rows do not confirm the only interaction. The appendix shows what it adds.`;
  return say`Held-out rows confirm none of the ${figuresOf(run)('/interactions/length', 'count')} ${kindOf(run)}. The
    appendix shows what each of them adds.`;
}

/** The interactions that are not kept, by name if they are few. */
export function leftOutWords(run: RunRecord): Text[] {
  const left = [...run.interactions.keys()].filter(i => !run.interactions[i].kept);
  if (left.length === 0 || left.length > MOST_NAMED) return [];
  return [say`Left out: ${listed(left.map(i => nameOf(run, `/interactions/${i}`)))}.`];
}

/** "day is 4 June and destination is STL: 98.3 % instead of 16.9 %, 60 rows". */
export function exampleWords(run: RunRecord, path: string, e: number): Text {
  const f = figuresOf(run);
  const at = `${path}/examples/${e}`;
  const fields = f(`${path}/fields/length`).value as number;
  const widths = new Map(run.data.fields.map(({name, width}) => [name, width]));
  const values = Array.from({length: fields}, (_, k) => {
    const field: Figure = f(`${path}/fields/${k}`);
    const value = f(`${at}/values/${k}`);
    const isItem = (widths.get(String(field.value)) ?? 1) > 1 && value.value !== 'missing';
    return say`${field} ${isItem ? 'has' : 'is'} ${value}`;
  });
  return say`${listed(values)}: ${f(`${at}/rate`, 'percent')} instead of ${f(`${at}/expected`, 'percent')},
    ${f(`${at}/rows`, 'count')} rows`;
}

/** The chosen model beside the others on the test rows. */
export function comparedWords(run: RunRecord): Text {
  const f = figuresOf(run);
  const after = modelIndex(run, 'after');
  const compared = [...run.models.keys()].filter(i => run.models[i].comparison !== null);
  const columns =
    compared.length === 0
      ? ''
      : say` The second table shows the difference between its AUC and logloss and those of each other model, with
          95 % intervals over the test rows, and which is better by each.`;
  return say`The ${f(`/data/parts/${testIndex(run)}/rows`, 'count')} test rows took no part in any choice.
    “${f(`/models/${after}/name`)}” is the chosen model.${columns} Each model was trained once:
    other seeds may differ by more than the interval.`;
}

/** Explain the AUC of an interaction alone, and how far it agrees with the gain. */
export function aloneWords(run: RunRecord): Text {
  const f = figuresOf(run);
  const agreement =
    run.correlation === null
      ? ''
      : say` Over ${f('/correlation/interactions', 'count')} interactions it and the gain have a correlation
          of ${f('/correlation/pearson', 'alpha')}, their ranks of ${f('/correlation/spearman', 'alpha')}.`;
  return say`AUC alone: each test row is scored with the training rate of its values, smoothed. It may be high only
    because one of the fields is; the gain measures what the interaction adds to the rest of the model.${agreement}`;
}
