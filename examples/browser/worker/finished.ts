import {type ModelRecord, type RunRecord} from 'tfjs-autofis';
import type {Finished, NamedFile, PairFigures} from '../protocol';
import {words} from '../strings';
import {placesOf} from './what_if';
import {areCopied} from '../../../src/warnings/copied_rows';
import type {InteractionRecord} from '../../../src/record/run_record';
import {isUncertain} from '../../../src/select/decision';
import {headline} from '../../../src/report/verdict';

/** What the page shows of a finished run. Nothing of it grows with the number of pairs but arrays of numbers. */
export function finishedOf(run: RunRecord, pairs: number, files: NamedFile[]): Finished {
  const ofPairs = run.interactions.filter(({order}) => order === 2);
  const places = placesOf(
    ofPairs.map(({interaction}) => interaction),
    run.data.fields.length,
  );
  const isDoubted = areCopied(run.copied);
  const figures = figuresOf(ofPairs, places, pairs, isDoubted);
  const triples = run.interactions
    .filter(({order, kept}) => order === 3 && kept)
    .sort((a, b) => b.evidence.gain - a.evidence.gain);
  const selected = [...ofPairs.keys()]
    .filter(k => ofPairs[k].kept)
    .sort((a, b) => figures.gain[places[b]] - figures.gain[places[a]]);
  return {
    answer: headline(run),
    support: run.models.flatMap(model => (model.comparison === null ? [] : [comparison(model)])),
    warnings: run.warnings.map(words.sentence),
    pairs: figures,
    selected: Uint32Array.from(selected, k => places[k]),
    examples: selected.map(k => exampleOf(ofPairs[k])),
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
    selected: new Uint8Array(count),
    uncertain: new Uint8Array(count),
    gain: new Float32Array(count),
    standardError: new Float32Array(count),
    helpedFolds: new Uint8Array(count),
    folds: 0,
  };
  records.forEach(({kept, evidence}, k) => {
    const p = places[k];
    figures.selected[p] = Number(kept);
    const {gain, standardError, stability} = evidence;
    figures.gain[p] = gain;
    figures.standardError[p] = standardError;
    figures.helpedFolds[p] = stability.kept;
    figures.uncertain[p] = Number(kept && (isDoubted || isUncertain(evidence)));
    figures.folds = stability.samples;
  });
  return figures;
}

function comparison({name, auc, comparison: paired}: ModelRecord): string {
  const {difference, standardError} = paired!.auc;
  return words.result.comparison(paired!.verdict, name, auc, difference, standardError);
}
