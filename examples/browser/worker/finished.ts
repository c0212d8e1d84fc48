import {areCopied, type InteractionRecord, isUncertain, type ModelRecord, type RunRecord} from 'tfjs-autofis';
import {headline} from 'tfjs-autofis/report';
import type {Finished, NamedFile, PairFigures} from '../protocol';
import {words} from '../strings';
import {placesOf} from './what_if';

/** What the page shows of a finished run. Nothing of it grows with the number of pairs but arrays of numbers. */
export function finishedOf(run: RunRecord, pairs: number, files: NamedFile[]): Finished {
  const {answer, verdict} = headline(run);
  const ofPairs = run.interactions.filter(({order}) => order === 2);
  const places = placesOf(
    ofPairs.map(({interaction}) => interaction),
    run.data.fields.length,
  );
  const copied = run.recipe?.copied;
  const isDoubted = copied !== undefined && areCopied(copied);
  const figures = figuresOf(ofPairs, places, pairs, isDoubted);
  const triples = run.interactions
    .filter(({order, kept}) => order === 3 && kept)
    .sort((a, b) => b.evidence!.gain - a.evidence!.gain);
  const kept = [...ofPairs.keys()]
    .filter(k => ofPairs[k].kept)
    .sort((a, b) => figures.gain[places[b]] - figures.gain[places[a]]);
  return {
    answer,
    support: [
      ...(verdict === null ? [] : [verdict]),
      ...run.models.flatMap(model => (model.comparison === null ? [] : [comparison(model)])),
    ],
    warnings: run.warnings.map(words.sentence),
    pairs: figures,
    kept: Uint32Array.from(kept, k => places[k]),
    examples: kept.map(k => exampleOf(ofPairs[k])),
    triples: {
      fields: triples.map(({interaction}) => interaction),
      figures: figuresOf(triples, [...triples.keys()], triples.length, isDoubted),
      examples: triples.map(exampleOf),
    },
    files,
  };
}

const exampleOf = ({examples}: InteractionRecord) => examples.slice(0, 1).map(words.result.example).join('');

/**
 * @param places Where each record stands among the interactions.
 * @param count How many interactions there are. Some have no record: none has where rows were too few for gates.
 * @param isDoubted Whether none may be called certain, since test rows are copies.
 */
function figuresOf(
  records: readonly InteractionRecord[],
  places: readonly number[],
  count: number,
  isDoubted: boolean,
): PairFigures {
  const figures: PairFigures = {
    alpha: new Float32Array(count),
    kept: new Uint8Array(count),
    uncertain: new Uint8Array(count),
    gain: new Float32Array(count),
    standardError: new Float32Array(count),
    halves: new Uint8Array(count),
    samples: 0,
  };
  records.forEach(({alpha, kept, evidence}, k) => {
    const p = places[k];
    figures.alpha[p] = alpha;
    figures.kept[p] = Number(kept);
    if (evidence === null) return;
    const {gain, standardError, stability} = evidence;
    figures.gain[p] = gain;
    figures.standardError[p] = standardError;
    figures.halves[p] = stability.kept;
    figures.uncertain[p] = Number(kept && (isDoubted || isUncertain(evidence)));
    figures.samples = stability.samples;
  });
  return figures;
}

function comparison({name, auc, comparison: found}: ModelRecord): string {
  const {difference, standardError} = found!.auc;
  return words.result.comparison(found!.words, name, auc, difference, standardError);
}
