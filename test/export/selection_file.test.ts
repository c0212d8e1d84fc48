import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import {allInteractions, retrainModel, Selection, selectionOf} from 'tfjs-autofis';
import {readSelection, writeSelection} from 'tfjs-autofis/export';
import {sharedFolder} from '../helpers/folders';
import {fields, gatedModel} from '../helpers/models';
import {messageOf} from '../helpers/tensors';
import {selectInteractions} from '../../src/stages/selection';

const names = ['user, "ID"', 'C1', 'a\nb', '時 '];
const gate = {interactions: allInteractions(4, 2), order: 2 as const, fieldNames: names};
const selection = selectInteractions([{...gate, alpha: Float32Array.from([0.1, 0, -0.7, 0, 0, 1e-9])}]);
const both = selectInteractions([
  {...gate, alpha: [0.5, 0, 0, 0, 0, 0.25]},
  {interactions: allInteractions(4, 3), order: 3, fieldNames: names, alpha: [0, 0.3, 0, 0]},
]);

/** numpy.save of numpy.array([1, 0, 1, 0, 0, 1]) as <i8 and as <i4 (NumPy 2.4). */
const header = (type: string) =>
  `\x93NUMPY\x01\x00v\x00{'descr': '${type}', 'fortran_order': False, 'shape': (6,), }${' '.repeat(60)}\n`;
const golden = {
  '<i8': Buffer.concat([
    Buffer.from(header('<i8'), 'latin1'),
    Buffer.from(BigInt64Array.from([1n, 0n, 1n, 0n, 0n, 1n]).buffer),
  ]),
  '<i4': Buffer.concat([Buffer.from(header('<i4'), 'latin1'), Buffer.from(Int32Array.from([1, 0, 1, 0, 0, 1]).buffer)]),
};

const folder = sharedFolder();
const at = (name: string) => path.join(folder, name);

it('a .csv of no interaction is its header, in a folder that is made', async () => {
  await writeSelection(at('new/none.csv'), []);
  expect(readFileSync(at('new/none.csv'), 'utf8')).toBe('rank,gate,order,alpha,interaction,field 1,field 2\n');
});

describe.each(['.json', '.csv'])('a selection as %s', extension => {
  it.each([
    ['one gate', selection],
    ['two gates', both],
    ['no interaction', []],
  ])('comes back as it was: %s', async (_what, each) => {
    await writeSelection(at(`same${extension}`), each as Selection, {fields: names});
    expect(await readSelection(at(`same${extension}`), {fields: names})).toEqual(each);
    expect(await readSelection(at(`same${extension}`))).toEqual(each);
  });

  it('is refused when the names are those of other fields', async () => {
    await writeSelection(at(`other${extension}`), selection);
    expect(await messageOf(() => readSelection(at(`other${extension}`), {fields: ['x', 'C1', 'a\nb', '時 ']}))).toBe(
      `readSelection: ${at(`other${extension}`)}: user, "ID" x 時  has the positions [0,3], ` +
        `which in \`fields\` are x x 時 . ` +
        'Give the fields of the model that was searched.',
    );
  });

  it('is refused when an entry is not whole', async () => {
    writeFileSync(
      at(`cut${extension}`),
      extension === '.json'
        ? '[{"fields": ["a", "b"], "alpha": 1}]'
        : 'rank,gate,order,alpha,interaction,field 1,field 2\n1,0,2,,0 1,a,b\n',
    );
    expect(await messageOf(() => readSelection(at(`cut${extension}`)))).toMatch(
      /cut\.\w+: entry 0 must have fields, alpha, rank, order, interaction \(ascending positions\) and gate, like .* Received: \{/,
    );
  });
});

describe('a selection as .csv', () => {
  it('is refused when an order is as large as no list can be', async () => {
    writeFileSync(at('order.csv'), 'rank,gate,order,alpha,interaction,field 1,field 2\n1,0,1e10,0.5,0 1,a,b\n');
    expect(await messageOf(() => readSelection(at('order.csv')))).toMatch(
      /order\.csv: entry 0 must have .* Received: \{"fields":\["a","b"\],"alpha":0\.5,"rank":1,"order":10000000000,/,
    );
  });

  it('is a table that a spreadsheet reads', async () => {
    await writeSelection(at('table.csv'), both);
    expect(readFileSync(at('table.csv'), 'utf8')).toBe(
      [
        'rank,gate,order,alpha,interaction,field 1,field 2,field 3',
        '1,0,2,0.5,0 1,"user, ""ID""",C1,',
        '2,1,3,0.3,0 1 3,"user, ""ID""",C1,"時 "',
        '3,0,2,0.25,2 3,"a\nb","時 ",',
        '',
      ].join('\n'),
    );
  });
});

describe('a selection as comb_mask.npy', () => {
  it('is byte for byte what NumPy writes', async () => {
    await writeSelection(at('comb_mask.npy'), selection, {fields: names});
    expect(golden['<i8']).toHaveLength(128 + 48);
    expect(readFileSync(at('comb_mask.npy')).equals(golden['<i8'])).toBe(true);
  });

  it.each(['<i8', '<i4'] as const)('is read from %s, with the names of the fields and alpha 0.6', async type => {
    writeFileSync(at(`${type.slice(1)}.npy`), golden[type]);
    expect(await readSelection(at(`${type.slice(1)}.npy`), {fields: names.map(name => ({name}))})).toEqual(
      [
        [0, 1],
        [0, 3],
        [2, 3],
      ].map((interaction, i) => ({
        fields: interaction.map(f => names[f]),
        alpha: 0.6,
        rank: i + 1,
        order: 2,
        interaction,
        gate: 0,
      })),
    );
  });

  it('has the pair i, j of n fields at i (2n - i - 1) / 2 + j - i - 1', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({min: 2, max: 39}).chain(n => fc.tuple(fc.constant(n), fc.nat(n - 2))),
        async ([n, i]) => {
          const fields = Array.from({length: n}, (_, f) => `f${f}`);
          const j = n - 1;
          await writeSelection(
            at('pair.npy'),
            [{fields: [`f${i}`, `f${j}`], alpha: -1, rank: 1, order: 2, interaction: [i, j], gate: 0}],
            {fields},
          );
          const bytes = readFileSync(at('pair.npy'));
          const mask = Array.from({length: (n * (n - 1)) / 2}, (_, p) => Number(bytes.readBigInt64LE(128 + 8 * p)));
          expect(bytes).toHaveLength(128 + 8 * mask.length);
          expect(mask.flatMap((value, p) => (value === 1 ? [p] : []))).toEqual([
            (i * (2 * n - i - 1)) / 2 + (j - i - 1),
          ]);
        },
      ),
      {seed: 1, numRuns: 30},
    ));

  it('of triples comes back for the gate that is asked for', async () => {
    const triples = both.filter(({order}) => order === 3);
    await writeSelection(at('third.npy'), triples, {fields: names});
    expect(await readSelection(at('third.npy'), {fields: names, order: 3, gate: 1})).toEqual([
      {...triples[0], rank: 1, alpha: 0.6},
    ]);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    [
      'no fields',
      () => writeSelection(at('x.npy'), selection),
      'writeSelection: `fields` must be given for a .npy file, which holds no names. Received: undefined. ' +
        "Give the model's fields in order.",
    ],
    [
      'two gates',
      () => writeSelection(at('x.npy'), both, {fields: names}),
      'writeSelection: a mask covers one gate, but `selection` holds those of gates 0, 1. ' +
        'Write selection.filter(({gate}) => gate === 0), or a .json file.',
    ],
    [
      'other fields',
      () => readSelection(at('i4.npy'), {fields: ['a', 'b', 'c']}),
      'readSelection: FOLDER/i4.npy: a mask of order 2 for 3 fields has 3 values. Received: ' +
        '6, the length for 4 fields. ' +
        'Give `fields` the names of the fields that the mask was searched with.',
    ],
    [
      'a length of no number of fields',
      () => readSelection(at('short.npy'), {fields: names}),
      'readSelection: FOLDER/short.npy: a mask of order 2 for 4 fields has 6 values. Received: 5. ' +
        'Give `fields` the names of the fields that the mask was searched with.',
    ],
    [
      'a file that is cut off',
      () => readSelection(at('cut.npy'), {fields: names}),
      'readSelection: FOLDER/cut.npy: 6 values of type <i8 take 176 bytes with the header. Received: 170. ' +
        'The file is truncated or damaged.',
    ],
    [
      'floating point',
      () => readSelection(at('float.npy'), {fields: names}),
      'readSelection: FOLDER/float.npy: the values must be of type <i8 or <i4. Received: <f4. Save mask.astype("<i8").',
    ],
    [
      'two axes',
      () => readSelection(at('axes.npy'), {fields: names}),
      'readSelection: FOLDER/axes.npy: the array must have one axis. Received shape: (1, 6). Save mask.reshape(-1).',
    ],
    [
      'another number',
      () => readSelection(at('two.npy'), {fields: names}),
      'readSelection: FOLDER/two.npy: a mask holds 0 and 1 only. Received: 2.',
    ],
    [
      'another file',
      () => readSelection(at('text.npy'), {fields: names}),
      'readSelection: FOLDER/text.npy is not a NumPy file: it must begin with "\\x93NUMPY". Write it by numpy.save.',
    ],
    [
      'another extension',
      () => readSelection(at('mask.npz'), {fields: names}),
      'readSelection: `file` must end in .json, .csv or .npy. Received: "FOLDER/mask.npz".',
    ],
    [
      'a file that is not there',
      () => readSelection(at('none.json')),
      "readSelection: FOLDER/none.json cannot be read: ENOENT: no such file or directory, open 'FOLDER/none.json'.",
    ],
  ])('refuses %s', async (_what, body, message) => {
    const changed = (from: string, to: string) =>
      Buffer.from(golden['<i4'].toString('latin1').replace(from, to), 'latin1');
    writeFileSync(at('i4.npy'), golden['<i4']);
    writeFileSync(at('short.npy'), changed('(6,)', '(5,)').subarray(0, 148));
    writeFileSync(at('cut.npy'), golden['<i8'].subarray(0, 170));
    writeFileSync(at('float.npy'), changed('<i4', '<f4'));
    writeFileSync(at('axes.npy'), changed('(6,), } ', '(1, 6)} '));
    writeFileSync(at('two.npy'), Buffer.from(golden['<i4']).fill(2, 128, 129));
    writeFileSync(at('text.npy'), '1,0,1');
    expect((await messageOf(body)).split(folder).join('FOLDER')).toBe(message);
  });
});

it('a mask makes the slim model that the selection makes', async () => {
  const model = gatedModel();
  const chosen = selectionOf(model).filter(({interaction: [i, j]}) => i + j !== 3);
  await writeSelection(at('slim.npy'), chosen, {fields});
  const read = await readSelection(at('slim.npy'), {fields});
  const slim = retrainModel(model, read, {seed: 1});
  const pairsOf = (selection: typeof read) =>
    selection.map(s => s.interaction).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  expect(read.map(s => s.interaction)).toEqual(pairsOf(chosen));
  expect(pairsOf(selectionOf(slim))).toEqual(pairsOf(chosen));
  slim.dispose();
  model.dispose();
});
