import type {RunRecord} from '../../record/run_record';
import {type Block, paragraph} from '../blocks';
import {figuresOf} from '../figures';
import {say, type Text} from '../text';

/** More fields than these are not listed. */
const MOST_FIELDS = 1000;

/** Tell how held-out rows chose the components of a model. */
export function choiceBlocks(run: RunRecord): Block[] {
  return [paragraph(choiceWords(run)), scoreTable(run), fieldTable(run)];
}

/** The mechanism in a few sentences. */
function choiceWords(run: RunRecord): Text {
  const f = figuresOf(run);
  const {evidence} = run.decision;
  const at = '/decision';
  const judged =
    evidence.by === 'folds'
      ? say`The others were dealt into ${f(`${at}/evidence/folds`, 'count')} folds, and everything that an interaction
          can add to logistic regression was fitted without a fold and predicted for the rows of that fold`
      : say`Of the others ${f(`${at}/evidence/share`, 'percent')} were held out, and everything that an interaction can
          add to logistic regression was fitted to the rest and predicted for these`;
  return say`A tenth of the training and validation rows, ${f(`${at}/rows`, 'count')}, took no part in what follows.
    ${judged}: products of vectors, tables of groups of values, and rates of combinations. One gate for each of these
    components was then fitted to such predictions, and interactions that save least were closed as long as all closed
    ones together cost next to nothing. The tenth confirmed or closed the rest; all scores and gains are of its rows.
    The open components were trained once more on all rows except the test rows and added up to one model.`;
}

/** Scores on held-out rows: of the selection, and of what it is compared with. */
function scoreTable(run: RunRecord): Block {
  const f = figuresOf(run);
  const {scores} = run.decision;
  const at = '/decision/scores';
  const row = (name: Text, key: string): Text[] => [
    name,
    [f(`${at}/${key}/auc`, 'auc')],
    [f(`${at}/${key}/logloss`, 'auc')],
  ];
  /** Least to most of the random sets. */
  const range = (measure: 'auc' | 'logloss'): Text => {
    const order = [...scores.random.keys()].sort((a, b) => scores.random[a][measure] - scores.random[b][measure]);
    const end = (k: number) => f(`${at}/random/${k}/${measure}`, 'auc');
    return say`${end(order[0])} to ${end(order[order.length - 1])}`;
  };
  return {
    type: 'table',
    cards: true,
    caption: say`Scores on the rows that took no part`,
    head: ['Model', 'AUC', 'Logloss'],
    rows: [
      row(['Logistic regression'], 'linear'),
      ...(scores.all === null ? [] : [row(['Products of all pairs, without gates'], 'all')]),
      ...(scores.random.length === 0
        ? []
        : [
            [
              say`${f(`${at}/random/length`, 'count')} random sets of as many interactions`,
              range('auc'),
              range('logloss'),
            ],
          ]),
      row(['The selection'], 'selection'),
    ],
  };
}

/** The gain of each field alone, measured as that of interactions. */
function fieldTable(run: RunRecord): Block {
  const f = figuresOf(run);
  const {fields} = run.decision;
  const order = [...fields.keys()].sort((a, b) => fields[b].gain - fields[a].gain).slice(0, MOST_FIELDS);
  return {
    type: 'table',
    cards: true,
    caption: say`Single fields, measured as the interactions are: how much the logloss of held-out rows rises without
      the field’s own effect`,
    head: ['Field', 'Gain in logloss (95 %)'],
    rows: order.map((i): Text[] => {
      const at = `/decision/fields/${i}`;
      return [[f(`${at}/field`)], say`${f(`${at}/gain`, 'signed')} ${f(`${at}/standardError`, 'interval')}`];
    }),
  };
}
