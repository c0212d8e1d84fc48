import {run as din} from '../../examples/models/din';
import {likedBefore} from '../../examples/models/history';
import {run as multiTask} from '../../examples/models/multi_task';
import {run as numeric} from '../../examples/models/numeric';
import {run as pretrained} from '../../examples/models/pretrained';
import {run as regression} from '../../examples/models/regression';
import {ratingsQuery, readTable} from '../../examples/models/table';
import {run as twoTower} from '../../examples/models/two_tower';
import {fileWriter, sharedFolder} from '../helpers/folders';
import {generator} from '../helpers/random';
import {captureWarnings} from '../helpers/search';
import {describeWith} from '../helpers/shared_data';
import {expectNoLeak} from '../helpers/tensors';

// Searches as short as these warn of it.
captureWarnings();
// `fit` shuffles by it, which no seed reaches.
beforeEach(() => {
  jest.spyOn(Math, 'random').mockImplementation(generator(1));
});
afterEach(() => jest.restoreAllMocks());

describe('on flights', () => {
  it('multi_task: each task has an AUC and interactions of its own', async () => {
    await expectNoLeak(async () => {
      const {click, conversion} = await multiTask({rows: 10_000, epochs: 2, seed: 1});
      for (const {auc, kept} of [click, conversion]) {
        expect(auc).toBeGreaterThan(0.6);
        expect(kept.length).toBeGreaterThan(0);
        expect(kept.every(pair => / and /.test(pair))).toBe(true);
      }
    });
  });

  it('regression: predicts delays, and better with pairs than without', async () => {
    const {linear, 'selected pairs': selected} = await regression({rows: 30_000, epochs: 3, seed: 1});
    expect(selected['pairs']).toBeGreaterThan(0);
    expect(linear['r2']).toBeGreaterThan(0.02);
    expect(selected['rmse']).toBeLessThan(linear['rmse']);
  });

  it('numeric: numbers and ids meet in one gate', async () => {
    await expectNoLeak(async () => {
      const {auc, kept} = await numeric({rows: 12_000, epochs: 2, seed: 1});
      expect(auc).toBeGreaterThan(0.6);
      const all = ['weekday', 'day', 'origin', 'destination', 'sine', 'cosine', 'distance'];
      expect(kept.flatMap(pair => pair.split(' and ')).filter(name => !all.includes(name))).toEqual([]);
    });
  });
});

describeWith('movielens-1m.csv.gz', 'on MovieLens', data => {
  it('din: the slim model beats chance with some of its pairs', async () => {
    await expectNoLeak(async () => {
      const {auc, kept} = await din({rows: 5000, epochs: 2, seed: 1, data});
      expect(auc).toBeGreaterThan(0.55);
      expect(kept.length).toBeGreaterThan(0);
      expect(kept.length).toBeLessThan(28);
      expect(kept.join()).toMatch(/\b(user_id|movie_id|history)\b/);
    });
  });

  it('two_tower: both towers keep pairs of their own fields, and films have vectors', async () => {
    const {auc, kept, films} = await twoTower({rows: 10_000, epochs: 3, seed: 1, data});
    expect(auc).toBeGreaterThan(0.55);
    expect(kept.user.length * kept.film.length).toBeGreaterThan(0);
    expect(kept.film.join()).not.toMatch(/user_id|gender/);
    expect(films).toEqual([2000, 16]);
  });

  it('pretrained: vectors from other rows help a model of few', async () => {
    const {random, frozen} = await pretrained({rows: 12_000, epochs: 2, seed: 1, data});
    expect(frozen.auc).toBeGreaterThan(random.auc);
  });
});

describe('what the models of MovieLens read', () => {
  it('likedBefore: the last films that the user liked in earlier rows', () => {
    const users = [1, 2, 1, 1, 2, 1];
    const films = [5, 6, 7, 8, 9, 3];
    const columns = likedBefore(users, films, [1, 1, 0, 1, 1, 1]);
    expect(columns).toHaveLength(20);
    const rows = users.map((_, row) => columns.map(column => column[row]).filter(film => film >= 0));
    expect(rows).toEqual([[], [], [5], [5], [6], [5, 8]]);

    // More than there is room for: the oldest are forgotten.
    const many = Array.from({length: 25}, (_, film) => film);
    const last = likedBefore(
      many.map(() => 0),
      many,
      many.map(() => 1),
    ).map(column => column[24]);
    expect(last).toEqual(many.slice(4, 24));
  });

  const folder = sharedFolder();
  const file = fileWriter(folder);

  it("the folder's ratings come in the order of their times", async () => {
    file('ratings.dat', ['1::10::5::978300300', '1::11::3::978300100', '2::10::4::1000000000'].join('\n'));
    file('users.dat', '1::F::1::10::48067\n2::M::56::16::70072\n');
    file('movies.dat', '10::Heat (1995)::Action\n11::Toy Story (1995)::Comedy\n');
    const query = ratingsQuery({rows: 2, epochs: 1, seed: 1, data: folder});
    const table = await readTable(query, {movie: 'movie_id', user: 'user_id'}, {liked: 'label', time: 'time'});
    expect(table.fields).toEqual([
      {name: 'movie', size: 2},
      {name: 'user', size: 1},
    ]);
    expect([...Array.from(table.ids['movie']), ...Array.from(table.numbers['liked'])]).toEqual([1, 0, 0, 1]);
  });

  it('says what is missing', () => {
    expect(() => ratingsQuery({rows: 2, epochs: 1, seed: 1})).toThrow('Give --data, the folder ml-1m of GroupLens.');
  });
});
