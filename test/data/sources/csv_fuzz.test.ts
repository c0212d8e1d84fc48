import {fuzzCsv} from './csv_fuzz';

it(
  '25 sets of CSV files of every form have the ids, labels and rejects that they should; ' +
    '`npm run test:csv` reads 2,000',
  async () => {
    expect(await fuzzCsv(1, 25)).toBe(25);
  },
);
