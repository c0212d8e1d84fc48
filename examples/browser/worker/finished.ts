import {type ModelRecord, type RunRecord} from 'tfjs-autofis';
import type {ComparedModel, Figures, Finished, NamedFile} from '../protocol';
import {words} from '../strings';
import {placesOf} from './what_if';
import {areCopied} from '../../../src/warnings/copied_rows';
import type {InteractionRecord, MapCell} from '../../../src/record/run_record';
import {isUncertain} from '../../../src/select/decision';
import {headline} from '../../../src/report/verdict';

/** What the page shows of a finished run. Nothing of it grows with the number of pairs but arrays of numbers. */
export function finishedOf(run: RunRecord, pairs: number, files: NamedFile[]): Finished {
  const records = run.interactions.filter(({order, kept}) => order === 2 || kept);
  const interactions = records.map(({interaction}) => interaction);
  const fields = run.data.fields.map(({name}) => name);
  const places = placesOf(interactions, fields.length);
  const larger = interactions.filter(({length}) => length > 2);
  const figures = figuresOf(records, places, {count: pairs + larger.length, isDoubted: areCopied(run.copied)});
  const selected = [...records.keys()]
    .filter(k => records[k].kept)
    .sort((a, b) => figures.gain[places[b]] - figures.gain[places[a]]);
  const gains = new Map(run.decision.fields.map(each => [each.field, each]));
  return {
    answer: headline(run).replaceAll('logloss', words.result.error),
    models: (['linear', 'before', 'after'] as const).flatMap(role =>
      run.models.filter(model => model.role === role).map(compared),
    ),
    warnings: run.warnings.map(words.sentence),
    figures,
    larger,
    selected: Uint32Array.from(selected, k => places[k]),
    examples: selected.map(k => exampleOf(run, records[k])),
    fieldGains: {
      gain: Float32Array.from(fields, name => gains.get(name)?.gain ?? 0),
      standardError: Float32Array.from(fields, name => gains.get(name)?.standardError ?? 0),
    },
    files,
  };
}

/** The combination of values whose predictions the interaction changes most, in words. */
function exampleOf({inspection: {maps}}: RunRecord, {interaction}: InteractionRecord): string {
  const map = maps.find(each => `${each.interaction}` === `${interaction}`);
  const [cell] = [...(map?.cells ?? [])].sort((a, b) => change(b) - change(a));
  if (map === undefined || cell === undefined) return '';
  return words.result.example({...cell, values: [...map.rows[cell.row], map.columns[cell.column]]});
}

const change = ({rows, predicted, without}: MapCell) => rows * Math.abs(predicted - without);

/**
 * @param places Where each record stands among the interactions.
 * @param count How many interactions there are. Some have no record: none has where rows were too few for gates.
 * @param isDoubted Whether none may be called certain, since test rows are copies.
 */
function figuresOf(
  records: readonly InteractionRecord[],
  places: readonly number[],
  {count, isDoubted}: {count: number; isDoubted: boolean},
): Figures {
  const figures: Figures = {
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

function compared({name, role, auc, comparison}: ModelRecord): ComparedModel {
  return {
    name: role === 'linear' ? words.result.linear : name.replace('FFM, ', ''),
    auc,
    comparison: comparison === null ? null : {verdict: comparison.verdict, ...comparison.auc},
  };
}
