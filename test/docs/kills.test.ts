import {readFileSync} from 'node:fs';
import path from 'node:path';
import type {Kills} from '../process/kills';

const docs = path.resolve(__dirname, '../../docs');
const {kills, same, whileWriting, places} = JSON.parse(
  readFileSync(path.join(docs, '../benchmarks/results/kills.json'), 'utf8'),
) as Kills;

test(
  'docs/checkpoints.md has the figures of benchmarks/results/kills.json, ' + 'and every kill gave the same result',
  () => {
    const hits = (stage: string) => places.filter(place => place.startsWith(stage)).length;
    expect(readFileSync(path.join(docs, 'checkpoints.md'), 'utf8')).toContain(
      `Of ${kills} kills, ${hits('search')} in the search and ${hits('retrain')} in the retrain, ` +
        `${whileWriting} of them while a checkpoint was being written, ` +
        `${same} gave the same result`,
    );
    expect(places).toHaveLength(kills);
    expect(same).toBe(kills);
  },
);
