import type {InteractionRecord} from '../../record/run_record';
import {formats} from '../figures';

/** What the pointer shows on an interaction. */
export function tipOf({fields, alpha, kept, closedAt, auc, evidence}: InteractionRecord): string {
  const state =
    closedAt === null
      ? `alpha ${formats.alpha(alpha)}${kept ? '' : ', not kept'}`
      : `closed after step ${formats.count(closedAt)}`;
  const parts = [
    state,
    ...(evidence === null
      ? []
      : [
          `gain ${formats.signed(evidence.gain)} ${formats.interval(evidence.standardError)}`,
          `kept by ${evidence.stability.kept} of ${evidence.stability.samples} half-samples`,
        ]),
    ...(auc === null ? [] : [`AUC alone ${formats.auc(auc)}`]),
  ];
  return `${fields.join(' × ')}: ${parts.join('; ')}`;
}

/** A name that fits; the whole one is in the table. */
export function shortened(name: string, most: number): string {
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}
