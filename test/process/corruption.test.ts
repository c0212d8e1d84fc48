import {corruptions, holds} from './corruption';
import {CHECKED, UNCHECKED} from './corruption_reader';

it('damaged files are named, whatever is damaged, and none is read silently where there is a checksum', async () => {
  const result = {checked: await corruptions(CHECKED, 8, 11), unchecked: await corruptions(UNCHECKED, 4, 12)};
  expect({holds: holds(result), ...result}).toMatchObject({holds: true});
});
