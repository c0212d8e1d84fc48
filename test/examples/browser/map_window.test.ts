import {MapWindow, NAMES_ABOVE, NAMES_LEFT} from '../../../examples/browser/view/map_window';

function opened(count = 200): MapWindow {
  const map = new MapWindow(count);
  map.resize(NAMES_LEFT + 800, NAMES_ABOVE + 600);
  return map;
}

it('shows all cells, as large as they fit', () => {
  expect(opened().layout()).toMatchObject({cell: 3, across: 200, down: 200, left: 0, top: 0});
  expect(opened(4).layout()).toMatchObject({cell: 40, across: 4, down: 4});
});

it('zooms around a point, which stays where it is', () => {
  const map = opened();
  const [x, y] = [NAMES_LEFT + 450.5, NAMES_ABOVE + 300.5];
  const before = map.cellAt(x, y);
  const share = map.shareAt(x, y);
  map.zoomBy(1.5, share.x, share.y);
  expect(map.isZoomed).toBe(true);
  expect(map.cellAt(x, y)!.row).toBe(before!.row);
  map.zoomBy(1 / 1.5, share.x, share.y);
  expect(map.layout()).toMatchObject({cell: 3, left: 0, top: 0});
});

it('never leaves the map, and brings a cell into sight', () => {
  const map = opened();
  map.zoomBy(4);
  map.moveBy(1e6, -1e6);
  const {across, left, top} = map.layout();
  expect([left, top]).toEqual([200 - across, 0]);
  map.reveal(199, 0);
  expect(map.layout().left).toBe(0);
  expect(map.boxOf(199, 0).y + map.boxOf(199, 0).size).toBeLessThanOrEqual(NAMES_ABOVE + 600 + 12);
});

it('has no cell under the names', () => {
  expect(opened().cellAt(NAMES_LEFT - 1, 300)).toBeNull();
  expect(opened().cellAt(300, NAMES_ABOVE - 1)).toBeNull();
  expect(opened().cellAt(NAMES_LEFT + 1, NAMES_ABOVE + 4)).toEqual({row: 1, column: 0});
});
