import type {CommandSpec} from '../command';
import {folderOf} from '../steps/run_folder';

export const exportCommand: CommandSpec = {
  name: 'export',
  summary: 'write the model or the selection for other systems',
  description:
    'Writes the chosen model of a run as onnx, as tfjs (a layers model of TensorFlow.js that loads without this ' +
    'library) or as graph (a graph model of TensorFlow.js), or its selection as json, csv or npy (the ' +
    "comb_mask.npy of PaddleRec's AutoFIS). Exported models read ids, which the bundle's schema makes from raw " +
    'values. With --vocabulary text, an ONNX model reads text and numbers directly.',
  settings: ['folder', 'format', 'vocabulary', 'out', 'backend'],
  examples: [
    'export --format onnx',
    'export --vocabulary text',
    'export --format tfjs --out web/model',
    'export --format csv --out kept.csv',
  ],
  run: async run => {
    const {startBackend} = await import('../steps/backend');
    const {exportModel} = await import('../steps/export');
    await startBackend(run);
    const written = await exportModel(run.values, folderOf(run.values), run.output.note);
    run.output.result({written});
    run.output.say(written);
    return 0;
  },
};
