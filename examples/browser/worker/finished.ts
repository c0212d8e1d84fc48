import {isUncertain, type ModelRecord, type RunRecord} from 'tfjs-autofis';
import {headline} from 'tfjs-autofis/report';
import type {Finished, NamedFile, PairFigures} from '../protocol';
import {words} from '../strings';

/** What the page shows of a finished run. Nothing of it grows with the number of pairs but arrays of numbers. */
export function finishedOf(run: RunRecord, pairs: number, files: NamedFile[]): Finished {
  const {answer, verdict} = headline(run);
  const figures = figuresOf(run, pairs);
  const kept = Uint32Array.from(run.interactions.keys())
    .filter(p => figures.kept[p] === 1)
    .sort((a, b) => figures.gain[b] - figures.gain[a]);
  return {
    answer,
    support: [
      ...(verdict === null ? [] : [verdict]),
      ...run.models.flatMap(model => (model.comparison === null ? [] : [comparison(model)])),
    ],
    warnings: run.warnings.map(words.sentence),
    pairs: figures,
    kept,
    examples: Array.from(kept, p => run.interactions[p].examples.slice(0, 1).map(words.result.example).join('')),
    files,
  };
}

function figuresOf({interactions}: RunRecord, pairs: number): PairFigures {
  const figures: PairFigures = {
    alpha: new Float32Array(pairs),
    kept: new Uint8Array(pairs),
    uncertain: new Uint8Array(pairs),
    gain: new Float32Array(pairs),
    standardError: new Float32Array(pairs),
    halves: new Uint8Array(pairs),
    samples: 0,
  };
  interactions.forEach(({alpha, kept, evidence}, p) => {
    figures.alpha[p] = alpha;
    figures.kept[p] = Number(kept);
    if (evidence === null) return;
    const {gain, standardError, stability} = evidence;
    figures.gain[p] = gain;
    figures.standardError[p] = standardError;
    figures.halves[p] = stability.kept;
    figures.uncertain[p] = Number(kept && isUncertain(stability));
    figures.samples = stability.samples;
  });
  return figures;
}

function comparison({name, auc, comparison: found}: ModelRecord): string {
  const {difference, standardError} = found!.auc;
  return words.result.comparison(found!.words, name, auc, difference, standardError);
}
