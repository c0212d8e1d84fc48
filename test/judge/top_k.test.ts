import {topK} from '../../src/judge/top_k';
import {gatedModel} from '../helpers/models';
import {expectNoLeak} from '../helpers/tensors';

it('leaves nothing in memory where the rows fail', async () => {
  const broken = () => ({
    size: 1,
    iterator: async () => {
      throw new Error('no file');
    },
  });
  const model = gatedModel();
  await expectNoLeak(async () => {
    await expect(topK(model, 1, broken, 200, 1, 3)).rejects.toThrow('no file');
  });
  model.dispose();
});
