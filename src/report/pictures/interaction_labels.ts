import type {RunRecord} from '../../record/run_record';
import {formats} from '../figures';

/** Write what the pointer shows on each interaction. */
export function tipsOf(run: RunRecord): string[] {
  return run.interactions.map(({fields, kept, auc, evidence: {gain, standardError, stability}}) => {
    const parts = [
      kept ? `gain ${formats.signed(gain)} ${formats.interval(standardError)}` : 'not kept',
      `helps in ${stability.kept} of ${stability.samples} folds`,
      ...(auc === null ? [] : [`AUC alone ${formats.auc(auc)}`]),
    ];
    return `${fields.join(' × ')}: ${parts.join('; ')}`;
  });
}

/** A name that fits; the whole one is in the table. */
export function shortened(name: string, most: number): string {
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}
