/** ECharts API of a custom series: the position of a point in the picture, and the values of the item. */
export interface Coordinates {
  coord(point: readonly number[]): number[];
  value(k: number): number;
}

/** A line through points of the picture. */
export function polyline(points: ReadonlyArray<readonly number[]>, style: object): object {
  return {type: 'polyline', shape: {points}, style: {fill: 'none', ...style}};
}

/** A cross in one stroke. */
export function cross(x: number, y: number, color: string, opacity = 1): object {
  return {
    type: 'polyline',
    style: {stroke: color, lineWidth: 1.8, fill: 'none', opacity},
    shape: {
      points: [
        [-4, -4],
        [4, 4],
        [0, 0],
        [4, -4],
        [-4, 4],
      ].map(([dx, dy]) => [x + dx, y + dy]),
    },
  };
}
