import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldSpec} from 'tfjs-autofis';
import type {ModelOptions} from 'tfjs-autofis/models';
import type {PlainRow} from './plain_models';
import type {DinOptions} from '../../src/models/din';
import type {FinalMlpOptions} from '../../src/models/final_mlp';

/** A form of a model, and its logit by plain arithmetic. */
export interface ZooCase {
  title: string;
  build(options: ModelOptions & Partial<DinOptions> & FinalMlpOptions): tfl.LayersModel;
  /** Options that make this form of the model. */
  options: Partial<DinOptions & FinalMlpOptions>;
  /** Fields other than those of the rest. */
  fields?: {oneHot: FieldSpec[]; multiHot: FieldSpec[]};
  /** The products of a row's pairs, where they are not those of one embedding for each field. */
  pairs?(row: PlainRow): number[];
  /** The logit of one row by plain arithmetic, from the papers' equations. */
  logit(row: PlainRow): number;
}
