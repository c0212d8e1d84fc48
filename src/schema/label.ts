/** How tables write labels: as numbers, or as databases, JSON, pandas and spreadsheets write false and true. */
export const NEGATIVE = ['0', '0.0', 'false', 'False', 'FALSE'], POSITIVE = ['1', '1.0', 'true', 'True', 'TRUE'];

/** The label that a text stands for; undefined if it is none. */
export function labelOf(text: string): 0 | 1 | undefined {
  return POSITIVE.includes(text) ? 1 : NEGATIVE.includes(text) ? 0 : undefined;
}
