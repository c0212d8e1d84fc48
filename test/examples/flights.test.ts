import * as tf from '@tensorflow/tfjs-core';
import {ShuffledBatches} from '../../examples/flights/batches';
import {Flights, readFlights} from '../../examples/flights/data';
import {alphaHeatMap} from '../../examples/flights/picture';

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

  test('every fifth row is test, and training rows are divided nine to one', () => {
    expect(flights.test.rows).toBe(2000);
    expect(flights.train.rows).toBe(8000);
    expect(flights.divided.train.rows).toBe(7200);
    expect(flights.divided.validation.rows).toBe(800);
  });

  test('ids lie within their fields, and each month, weekday and ten minutes has one', () => {
    const m = flights.fields.length;
    for (const table of [flights.train, flights.test]) {
      table.ids.forEach((id, i) => {
        if (id < 0 || id >= flights.fields[i % m].size) throw new Error(`id ${id} of ${flights.fields[i % m].name}`);
      });
    }
    const sizes = Object.fromEntries(flights.fields.map(f => [f.name, f.size]));
    expect(sizes).toMatchObject({'month': 6, 'weekday': 7, 'ten minutes': 6});
  });

  test('about a fifth of the flights is late', () => {
    const late = flights.train.labels.reduce((sum, y) => sum + y, 0) / flights.train.rows;
    expect(late).toBeGreaterThan(0.15);
    expect(late).toBeLessThan(0.25);
  });

  test('an epoch of batches holds each row once, in an order that the seed decides', async () => {
    const table = {rows: 10, ids: Int32Array.from({length: 20}, (_, i) => i), labels: new Float32Array(10)};
    const read = async (batches: ShuffledBatches) => {
      const first: number[] = [];
      const iterator = await batches.iterator();
      for (let item = await iterator.next(); !item.done; item = await iterator.next()) {
        const ids = await item.value.xs.array();
        ids.forEach(([a, b]) => {
          expect(b).toBe(a + 1);
          first.push(a);
        });
        tf.dispose([item.value.xs, item.value.ys]);
      }
      return first;
    };
    const batches = new ShuffledBatches(table, 4, 5);
    expect(batches.size).toBe(3);
    const epochs = [await read(batches), await read(batches), await read(new ShuffledBatches(table, 4, 5))];
    for (const epoch of epochs) expect([...epoch].sort((a, b) => a - b)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
    expect(epochs[1]).not.toEqual(epochs[0]);
    expect(epochs[2]).toEqual(epochs[0]);
  });

  test('more rows than there are is an error that names the number', async () => {
    await expect(readFlights({rows: 4e6, seed: 1})).rejects.toThrow('--rows must be at most 3000000, the number of flights in the file. Received: 4000000.');
  });

  test('the picture shows the value of each open gate', () => {
    const svg = alphaHeatMap({title: 't', subtitle: 's', fields: ['a', 'b', 'c'], selection: [
      {fields: ['a', 'b'], alpha: 0.875, rank: 1, order: 2, interaction: [0, 1], gate: 0},
      {fields: ['b', 'c'], alpha: -0.25, rank: 2, order: 2, interaction: [1, 2], gate: 0},
    ]});
    expect(svg).toContain('0.88');
    expect(svg).toContain('-0.25');
    expect(svg).not.toContain('NaN');
  });
});
