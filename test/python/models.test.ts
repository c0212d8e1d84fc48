import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {cases, trainedModels} from '../export/models';
import {describeInPython, runPytest} from './environment';
import {writeTrainedModels} from './trained_models';

describeInPython('the Python package', () => {
  const multiHot = cases.slice(2, 4);
  const models = trainedModels(multiHot);

  it('predicts in Keras what TensorFlow.js predicts', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'autofis-python-'));
    await writeTrainedModels(folder, models(), multiHot);
    await runPytest(['tests/keras/test_models.py', '-k', 'predicts_the_same'], {AUTOFIS_MODELS: folder});
    rmSync(folder, {recursive: true});
  });
});
