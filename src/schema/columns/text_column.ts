/** A column of a table in memory: each different value once, as text, and which value each row has. */
export interface TextColumn {
  name: string;
  /** The different values, in the order in which they were met; none of them empty. */
  values: string[];
  /** For each row the position of its value, -1 where it has none. */
  codes: Int32Array;
}

/** Takes the values of a column row by row. Null and '' are missing. */
export class TextColumnBuilder {
  private readonly positions = new Map<string, number>();
  private codes = new Int32Array(1024);
  private rows = 0;

  constructor(readonly name: string) {}

  add(value: string | null): void {
    if (this.rows === this.codes.length) {
      const larger = new Int32Array(2 * this.rows);
      larger.set(this.codes);
      this.codes = larger;
    }
    this.codes[this.rows++] = value === null || value === '' ? -1 : this.positionOf(value);
  }

  column(): TextColumn {
    return {name: this.name, values: [...this.positions.keys()], codes: this.codes.slice(0, this.rows)};
  }

  private positionOf(value: string): number {
    const known = this.positions.get(value);
    if (known !== undefined) return known;
    const next = this.positions.size;
    this.positions.set(value, next);
    return next;
  }
}

/** Count the chosen rows of each value; the last entry counts the missing ones. */
export function countValues({values, codes}: TextColumn, chosen: (row: number) => boolean = () => true): Float64Array {
  const counts = new Float64Array(values.length + 1);
  codes.forEach((code, row) => {
    if (chosen(row)) counts[code < 0 ? values.length : code]++;
  });
  return counts;
}
