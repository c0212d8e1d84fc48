import {kills} from './kills';

it('A training that is killed goes on to the result of one that was never stopped', async () => {
  const {kills: count, same} = await kills(2, 800, 20);
  expect(count).toBe(2);
  expect(same).toBe(2);
});
