import Papa from 'papaparse';
import {isOrder} from '../interactions';
import type {Selection} from '../stages/selection';

const COLUMNS = ['rank', 'gate', 'order', 'alpha', 'interaction'];

/**
 * One line an interaction. `interaction` holds the positions, separated by spaces; the names follow, one a column, so
 * that a name may hold any character: `rank,gate,order,alpha,interaction,field 1,field 2[,field 3[,field 4]]`.
 */
export function encodeSelectionCsv(selection: Selection): string {
  const width = Math.max(2, ...selection.map(({order}) => order));
  const names = Array.from({length: width}, (_, i) => `field ${i + 1}`);
  const rows = selection.map(({rank, gate, order, alpha, interaction, fields}) => [
    rank,
    gate,
    order,
    alpha,
    interaction.join(' '),
    ...names.map((_, i) => fields[i] ?? ''),
  ]);
  return `${Papa.unparse([[...COLUMNS, ...names], ...rows], {newline: '\n'})}\n`;
}

/** The entries of such a file, not checked. */
export function decodeSelectionCsv(text: string): unknown[] {
  const {data} = Papa.parse<Record<string, string>>(text, {header: true, skipEmptyLines: true});
  return data.map(row => {
    const order = Number(row['order']);
    return {
      fields: Array.from({length: isOrder(order) ? order : 2}, (_, i) => row[`field ${i + 1}`]),
      alpha: number(row['alpha']),
      rank: number(row['rank']),
      order,
      interaction: (row['interaction'] ?? '').split(' ').map(number),
      gate: number(row['gate']),
    };
  });
}

/** An empty cell is not 0. */
function number(cell: string | undefined): number {
  return cell == null || cell.trim() === '' ? NaN : Number(cell);
}
