/** Pixels that the names of rows have at the left, and those of columns, which stand diagonally, above. */
export const NAMES_LEFT = 110;
export const NAMES_ABOVE = NAMES_LEFT * Math.SQRT1_2;
/** The most pixels of a cell. */
const LARGEST = 40;

/** Where the cells of a map are: pixels of one, and how many are in sight. */
export interface Layout {
  width: number;
  height: number;
  cell: number;
  across: number;
  down: number;
  /** The first cell in sight. */
  left: number;
  top: number;
}

/** The part of a map that is in sight: which rows and columns, how large, from which cell on. */
export class MapWindow {
  private width = 0;
  private height = 0;
  private rows: number;
  private columns: number;
  /** 1 shows all. */
  private zoom = 1;
  private left = 0;
  private top = 0;

  constructor(count: number) {
    this.rows = this.columns = count;
  }

  /** Pixels of the whole map, with its names. */
  resize(width: number, height: number): void {
    [this.width, this.height] = [width, height];
    this.zoomBy(1);
  }

  /** Another number of rows and columns, all of them in sight. */
  show(rows: number, columns: number): void {
    Object.assign(this, {rows, columns, zoom: 1, left: 0, top: 0});
  }

  get isZoomed(): boolean {
    return this.zoom > 1;
  }

  layout(): Layout {
    const {width, height, rows, columns, left, top} = this;
    const [wide, high] = [width - NAMES_LEFT, height - NAMES_ABOVE];
    const fit = Math.min(wide / Math.max(1, columns), high / Math.max(1, rows));
    const cell = Math.min(LARGEST, Math.max(0.5, fit)) * this.zoom;
    return {width, height, cell, across: Math.min(columns, wide / cell), down: Math.min(rows, high / cell), left, top};
  }

  /** Zooms around a point, given in shares of what is in sight. */
  zoomBy(factor: number, x = 0.5, y = 0.5): void {
    const before = this.layout();
    const most = Math.max(1, LARGEST / (before.cell / this.zoom));
    this.zoom = Math.max(1, Math.min(most, this.zoom * factor));
    const after = this.layout();
    this.moveTo(this.left + x * (before.across - after.across), this.top + y * (before.down - after.down));
  }

  /** Moves by pixels. */
  moveBy(x: number, y: number): void {
    const {cell} = this.layout();
    this.moveTo(this.left + x / cell, this.top + y / cell);
  }

  /** Moves so that a cell is in sight. */
  reveal(row: number, column: number): void {
    const {across, down} = this.layout();
    this.moveTo(
      Math.min(column, Math.max(this.left, column - Math.floor(across) + 1)),
      Math.min(row, Math.max(this.top, row - Math.floor(down) + 1)),
    );
  }

  /** The share of what is in sight at a point. */
  shareAt(x: number, y: number): {x: number; y: number} {
    const {cell, across, down} = this.layout();
    return {x: (x - NAMES_LEFT) / cell / across, y: (y - NAMES_ABOVE) / cell / down};
  }

  /** The cell at a point; null for none. */
  cellAt(x: number, y: number): {row: number; column: number} | null {
    const {cell, left, top} = this.layout();
    if (x < NAMES_LEFT || y < NAMES_ABOVE) return null;
    return {row: Math.floor((y - NAMES_ABOVE) / cell + top), column: Math.floor((x - NAMES_LEFT) / cell + left)};
  }

  /** Where a cell is. */
  boxOf(row: number, column: number): {x: number; y: number; size: number} {
    const {cell, left, top} = this.layout();
    return {x: NAMES_LEFT + (column - left) * cell, y: NAMES_ABOVE + (row - top) * cell, size: cell};
  }

  private moveTo(left: number, top: number): void {
    const {across, down} = this.layout();
    this.left = Math.max(0, Math.min(this.columns - across, left));
    this.top = Math.max(0, Math.min(this.rows - down, top));
  }
}
