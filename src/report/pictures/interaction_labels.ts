import type {RunRecord} from '../../record/run_record';
import {formats} from '../figures';
import {closingSteps} from '../positions_in_gates';

/** Write what the pointer shows on each interaction. */
export function tipsOf(run: RunRecord): string[] {
  const closedAt = closingSteps(run);
  return run.interactions.map(({fields, alpha, kept, auc, evidence}, i) => {
    const step = closedAt[i];
    const open = `alpha ${formats.alpha(alpha)}${kept ? '' : ', not kept'}`;
    const parts = [
      ...(evidence === null
        ? [step === null ? open : `closed after step ${formats.count(step)}`]
        : [
            kept ? `gain ${formats.signed(evidence.gain)} ${formats.interval(evidence.standardError)}` : 'not kept',
            `open in ${evidence.stability.kept} of ${evidence.stability.samples} folds`,
          ]),
      ...(auc === null ? [] : [`AUC alone ${formats.auc(auc)}`]),
    ];
    return `${fields.join(' × ')}: ${parts.join('; ')}`;
  });
}

/** A name that fits; the whole one is in the table. */
export function shortened(name: string, most: number): string {
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}
