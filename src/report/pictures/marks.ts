/** ECharts API of a custom series: the position of a point in the picture, and the values of the item. */
export interface Coordinates {
  coord(point: readonly number[]): number[];
  value(k: number): number;
}

/** A line through points of the picture. */
export function polyline(points: ReadonlyArray<readonly number[]>, style: object): object {
  return {type: 'polyline', shape: {points}, style: {fill: 'none', ...style}};
}
