import type {FieldSpec} from '../../layers/field_layout';
import type {Schedule} from '../training/schedule';
import type {Selection} from '../stages/selection';
import type {ModelForm} from './forms';
import type {Interacting} from '../components/interacting_fields';
import {type Base, type Effort, libraryForms} from './library_forms';

/** The models that a recipe trains. */
export interface Models {
  /** Names of the fields that may interact, where not all may; known once LR is trained. */
  interacting: Interacting | undefined;
  /** What is trained with all interactions, for the gates; none where only LR is trained. */
  bases: readonly Base[];
  /** The form that open interactions are retrained in, where the gates of `base` left them open. */
  slimForm(base: ModelForm, selection: Selection): ModelForm;
  /** The form of this name. */
  formOf(name: string): ModelForm;
}

/** What the forms of the library depend on. */
interface LibraryModelsOf {
  fields: readonly FieldSpec[];
  schedule: Schedule;
  /** Training rows. */
  rows: number;
  /** Null where only logistic regression is trained. */
  effort: Effort | null;
}

/** What a recipe trains that builds its models itself. */
export function libraryModels({fields, schedule, rows, effort}: LibraryModelsOf, interacting?: Interacting): Models {
  const {bases, slimForm, every} = libraryForms(fields, schedule, rows, interacting);
  return {
    interacting,
    bases: effort === null ? [] : bases[effort],
    slimForm,
    formOf: name => every.find(form => form.name === name)!,
  };
}
