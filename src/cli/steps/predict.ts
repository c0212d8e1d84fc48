import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import Papa from 'papaparse';
import {type Explanation, shareText} from '../../bundle/explanation';
import {replaceFile, writeTarget} from '../../runtime/replace_file';
import {PROBLEMS, type Row} from '../../schema/row_encoder';
import {withFlags} from '../setting';
import {rawRows} from './raw_rows';
import {rowFault} from './row_fault';
import {type Scoring, SeenValues} from './scoring';

/** Cure for a word for a missing value where a number is expected. */
const NUMBER_CURE =
  'Leave an unknown value empty; a word for it is missing if the schema lists it in `missing` of its field, as ' +
  'words in the training table are.';

/** Some rows of a table, with their probabilities and, where they are asked for, the explanations of these. */
export interface PredictedRows {
  rows: Row[];
  probabilities: Float32Array;
  explanations?: Explanation[];
}

/**
 * Probabilities for the rows of a table, as they come. A value that does not fit is an error with its line. At the end
 * a warning names the fields whose values are new to the model.
 */
export async function* predictions(scoring: Scoring, withLabel = false): AsyncGenerator<PredictedRows> {
  const {bundle, table, out, explain, note} = scoring;
  const seen = new SeenValues();
  let before = 0;
  try {
    for await (const rows of rawRows(table, bundle.fitted, withLabel, out)) {
      const {ids, issues, counts} = bundle.encoder.encode(rows);
      if (issues.length > 0) {
        const [{row, column, value, problem}] = issues;
        const cure = problem === PROBLEMS.numeric ? NUMBER_CURE : scoring.otherTexts;
        throw await rowFault(table, before + row, {column, value, reason: problem, cure});
      }
      seen.add(rows.length, counts);
      if (explain === undefined) yield {rows, probabilities: await bundle.predictIds(ids)};
      else {
        const explanations = await bundle.explainIds(ids, rows, explain);
        yield {rows, probabilities: Float32Array.from(explanations, row => row.probability), explanations};
      }
      before += rows.length;
    }
  } catch (error) {
    throw withFlags(error);
  }
  seen.warnings(scoring).forEach(note);
}

/** A table's predictions as CSV, a line for each row; nothing comes where the first rows do not fit. */
export async function* predictionLines(scoring: Scoring): AsyncGenerator<{text: string; rows: number}> {
  let head = scoring.explain === undefined ? 'probability\n' : 'probability,reasons\n';
  for await (const {probabilities, explanations} of predictions(scoring)) {
    const lines = explanations
      ? `${Papa.unparse(
          explanations.map(row => [row.probability, reasonsText(row)]),
          {newline: '\n'},
        )}\n`
      : Array.from(probabilities, p => `${p}\n`).join('');
    yield {text: head + lines, rows: probabilities.length};
    head = '';
  }
  if (head !== '') yield {text: head, rows: 0};
}

/** Match texts in which a reader would see the end of a name or a value, or another line. */
const ENDS = /[=;"\p{Cc}]|^\s|\s$|\sx(\s|$)|:(\s|$)/u;

const quoted = (text: string) => (ENDS.test(text) ? JSON.stringify(text) : text);

/** Write shares as one text, such as "origin=JFK x hour=7: +0.41; carrier=AA: -0.20; others: +0.03". */
function reasonsText({shares, others}: Explanation): string {
  const texts = shares.map(({fields, values, share}) => {
    const parts = fields.map((field, i) => `${quoted(field)}=${quoted(values[i])}`);
    return `${parts.join(' x ')}: ${shareText(share)}`;
  });
  return [...texts, ...(others === 0 ? [] : [`others: ${shareText(others)}`])].join('; ');
}

/** Write predictions into a file and return the number of rows. The file is written as a whole or not at all. */
export async function predictInto(scoring: Scoring, file: string): Promise<number> {
  let count = 0;
  async function* texts(): AsyncGenerator<string> {
    for await (const {text, rows} of predictionLines(scoring)) {
      yield text;
      count += rows;
    }
  }
  await mkdir(path.dirname((await writeTarget(file)).path), {recursive: true});
  await replaceFile(file, texts());
  return count;
}
