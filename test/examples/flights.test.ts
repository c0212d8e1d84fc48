import {Flights, readFlights} from '../../examples/flights/data';

describe('flights', () => {
  let flights: Flights;
  beforeAll(async () => {
    flights = await readFlights({rows: 10000, seed: 3});
  });

  test('the same seed gives the same sample, another seed another one', async () => {
    const again = await readFlights({rows: 10000, seed: 3});
    const other = await readFlights({rows: 10000, seed: 4});
    expect(again.train.ids).toEqual(flights.train.ids);
    expect(other.train.ids).not.toEqual(flights.train.ids);
  });

  test('every fifth row is test, and the others are divided nine to one', () => {
    expect([flights.train, flights.validation, flights.test].map(({rows}) => rows)).toEqual([7200, 800, 2000]);
  });

  test('ids lie within their fields, and each month, weekday and ten minutes has one', () => {
    const m = flights.fields.length;
    for (const table of [flights.train, flights.validation, flights.test]) {
      table.ids.forEach((id, i) => {
        if (id < 0 || id >= flights.fields[i % m].size) throw new Error(`id ${id} of ${flights.fields[i % m].name}`);
      });
    }
    const sizes = Object.fromEntries(flights.fields.map(f => [f.name, f.size]));
    expect(sizes).toMatchObject({month: 6, weekday: 7, 'ten minutes': 6});
  });

  test('every id has a name that people know', () => {
    flights.fields.forEach(({size}, f) => {
      expect(flights.valueNames[f]).toHaveLength(size);
      for (const name of flights.valueNames[f]) expect(name).toMatch(/./);
    });
    expect(flights.valueNames[0]).toEqual(['January', 'February', 'March', 'April', 'May', 'June']);
    expect(flights.valueNames[1][0]).toBe('1 January');
    expect(flights.valueNames[2][6]).toBe('Sunday');
    expect(flights.valueNames[6]).toContain('ATL');
  });

  test('about a fifth of the flights is late', () => {
    const late = flights.train.labels.reduce((sum, y) => sum + y, 0) / flights.train.rows;
    expect(late).toBeGreaterThan(0.15);
    expect(late).toBeLessThan(0.25);
  });

  test('more rows than there are is an error that names the number', async () => {
    await expect(readFlights({rows: 4e6, seed: 1})).rejects.toThrow(
      '--rows must be at most 3000000, the number of flights in the file. Received: 4000000.',
    );
  });
});
