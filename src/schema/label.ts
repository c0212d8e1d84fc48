import {parseNumber} from './rules/numeric';
import type {LabelRule} from './schema';

/**
 * Spellings of labels that need no rule. They are numbers, or false and true as databases, JSON, pandas and
 * spreadsheets write them.
 */
export const NEGATIVE = ['0', '0.0', 'false', 'False', 'FALSE'];
export const POSITIVE = ['1', '1.0', 'true', 'True', 'TRUE'];

const COMPARE = {
  '>=': (x: number, threshold: number) => x >= threshold,
  '>': (x: number, threshold: number) => x > threshold,
  '<=': (x: number, threshold: number) => x <= threshold,
  '<': (x: number, threshold: number) => x < threshold,
};
type LabelComparison = keyof typeof COMPARE;
/** Comparisons of a numeric label. */
export const COMPARISONS = Object.keys(COMPARE) as LabelComparison[];

/** Read labels by a rule: the label that a text stands for, undefined for other texts. */
export function labelReader(rule: LabelRule): (text: string) => 0 | 1 | undefined {
  if ('comparison' in rule) {
    const holds = COMPARE[rule.comparison];
    return text => {
      const x = parseNumber(text);
      return x === undefined ? undefined : (Number(holds(x, rule.threshold)) as 0 | 1);
    };
  }
  const hasValues = 'positive' in rule;
  const [negative, positive] = hasValues ? [rule.negative, rule.positive] : [NEGATIVE, POSITIVE];
  return text => {
    if (positive.includes(text)) return 1;
    if (negative.includes(text)) return 0;
    const x = hasValues ? undefined : parseNumber(text);
    return x === 0 || x === 1 ? x : undefined;
  };
}

/** Which values are labels, for messages. */
export function labelsInWords(rule: LabelRule): string {
  if ('comparison' in rule) return 'labels are numbers';
  return 'positive' in rule
    ? `labels are ${[...rule.negative, ...rule.positive].map(value => JSON.stringify(value)).join(' and ')}`
    : 'labels are 0 and 1';
}

/** Describe the rows with label 1: "income = >50K", "rating >= 4". */
export function positiveInWords(rule: LabelRule): string {
  if ('comparison' in rule) return `${rule.column} ${rule.comparison} ${rule.threshold}`;
  return 'positive' in rule ? `${rule.column} = ${rule.positive.join(' or ')}` : `${rule.column} = 1`;
}

/** Read "rating >= 4"; undefined for a text that is not a comparison. */
export function parseComparison(text: string): LabelRule | undefined {
  const match = /^(.+?)\s*(>=|<=|>|<)\s*(\S+)$/.exec(text.trim());
  const threshold = match === null ? undefined : parseNumber(match[3]);
  return match === null || threshold === undefined
    ? undefined
    : {column: match[1], comparison: match[2] as LabelComparison, threshold};
}
