import {providedPython} from '../python/environment';
import {zoo} from '../helpers/zoo';
import {compareZoo, TOLERANCE} from './zoo';

const python = providedPython();
if (python === null)
  console.log('test/conformance: models are not compared with numpy, since there is no Python environment.');

(python === null ? it.skip : it)(
  'every model predicts and learns as numpy computes from its equations, and ONNX files are valid',
  async () => {
    const {models, exports} = await compareZoo('wasm', python!);
    expect(models.map(({title}) => title)).toEqual(zoo.map(({title}) => title));
    expect(models.filter(({predictions, step}) => !(Math.max(predictions, step) < TOLERANCE))).toEqual([]);
    expect(exports).toBeGreaterThan(zoo.length / 2);
  },
);
