import {cases, trainedModels} from '../export/models';
import {sharedFolder} from '../helpers/folders';
import {describeInPython, runPytest} from './environment';
import {writeTrainedModels} from './trained_models';

describeInPython('the Python package', () => {
  const folder = sharedFolder();
  const multiHot = cases.slice(2, 4);
  const models = trainedModels(multiHot);

  it('predicts in Keras what TensorFlow.js predicts', async () => {
    await writeTrainedModels(folder, models(), multiHot);
    await runPytest(['tests/keras/test_models.py', '-k', 'predicts_the_same'], {AUTOFIS_MODELS: folder});
  });
});
