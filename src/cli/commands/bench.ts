import {textTable} from '../../text_table';
import type {BackendTimes} from '../bench/backends';
import type {Measured, Times} from '../bench/measure';
import type {CommandSpec} from '../command';
import {hasNetwork} from '../steps/plan';
import {folderOf} from '../steps/run_folder';

export const benchCommand: CommandSpec = {
  name: 'bench',
  summary: 'measure speed on this machine, on each backend',
  description:
    'Times one search step, one retrain step and predictions of 1, 100 and 10,000 rows on each backend that ' +
    'loads, or on --backend alone. Measures the model of the run in FOLDER on its rows, or a model with --fields ' +
    'fields of --size values each. The slim model has the interactions that the search kept, or a random half ' +
    'of them. ' +
    'Writes nothing. Each backend takes about half a minute, longer with large models.',
  settings: [
    'folder',
    'fields',
    'size',
    'model',
    'order',
    'embeddingDim',
    'hiddenUnits',
    'batchSize',
    'seconds',
    'backend',
    'precision',
  ],
  examples: [
    'bench',
    'bench --fields 39 --size 25000 --model autoDeepFm --hidden-units 400,400,400',
    'bench --folder runs/deep --backend tfjs-node --json',
  ],
  run: async ({values, output}) => {
    const {shapeOf} = await import('../bench/shape');
    const shape = await shapeOf(values, folderOf(values));
    const {model, order, embeddingDim, hiddenUnits, batchSize} = shape.plan;
    const about = {
      what: shape.what,
      fields: shape.fields.length,
      ids: shape.fields.reduce((sum, {size}) => sum + size, 0),
      model,
      order,
      embeddingDim,
      hiddenUnits: hasNetwork(model) ? hiddenUnits : [],
      batchSize,
      slim: shape.selection?.length ?? 'a random half',
    };
    let backends: BackendTimes[];
    if (values.backend !== undefined) {
      const {startBackend} = await import('../steps/backend');
      const name = await startBackend({values, output});
      const {measure} = await import('../bench/measure');
      backends = [{backend: values.backend, name, ...(await measure(shape, values.seconds ?? 4))}];
    } else {
      const {measureApart} = await import('../bench/backends');
      backends = await measureApart(values, line => output.note(line));
    }
    output.result({...about, backends});
    const layers = about.hiddenUnits.length > 0 ? `, hidden layers ${hiddenUnits.join(', ')}` : '';
    const slim = typeof about.slim === 'number' ? about.slim : `${about.slim} of the`;
    output.say(
      `${about.what}: ${model}, ${about.fields} fields with ${about.ids.toLocaleString('en-US')} ids, ` +
        `embeddings of ${embeddingDim}${layers}; steps of ${batchSize.toLocaleString('en-US')} rows; ` +
        `the slim model has ${slim} interactions.\n\n${timesInWords(backends)}`,
    );
    return backends.some(({missing}) => missing === undefined) ? 0 : 1;
  },
};

/** The median of each measurement, with rows per second; the reason where a backend has none. */
export function timesInWords(backends: readonly BackendTimes[]): string {
  const measured = backends.filter((each): each is BackendTimes & Measured => each.missing === undefined);
  const lines: Array<[string, (times: Measured) => Times]> = [
    ['search step', times => times.searchStep],
    ['retrain step', times => times.retrainStep],
    ...Object.keys(measured[0]?.predict ?? {}).map((rows): [string, (times: Measured) => Times] => [
      `predict ${Number(rows).toLocaleString('en-US')} ${rows === '1' ? 'row' : 'rows'}`,
      times => times.predict[rows],
    ]),
  ];
  const cell = ({median, rowsPerSecond}: Times) => [
    median < 10 ? median.toFixed(2) : median.toFixed(0),
    Math.round(rowsPerSecond).toLocaleString('en-US'),
  ];
  const table = textTable(
    ['median', ...measured.flatMap(({backend}) => [`${backend}, ms`, 'rows/s'])],
    lines.map(([name, of]) => [name, ...measured.flatMap(times => cell(of(times)))]),
    [0],
  );
  return [
    ...(measured.length > 0 ? [table] : []),
    ...backends.flatMap(({backend, missing}) => (missing === undefined ? [] : [`${backend}: ${missing}`])),
  ].join('\n');
}
