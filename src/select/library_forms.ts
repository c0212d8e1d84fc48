import {FieldLayout, FieldSpec} from '../../layers/field_layout';
import type {Selection} from '../stages/selection';
import type {Schedule} from '../training/schedule';
import {ffmForm, fmForm, FormOptions, ModelForm} from './forms';
import type {Interacting} from '../components/interacting_fields';

/**
 * How much is tried.
 *
 * - 'quick': FFM with one penalty as base.
 * - 'normal': FFM with up to four, up to three on top of logistic regression, and another kind of penalty.
 * - 'thorough': the same with up to six, longer vectors with the best of them, and the choice is the mean of three
 *   trainings, folded into one model.
 *
 * Above 200,000 rows, and where tables are too large for a penalty on all their values, 'quick' has FM, 'normal' FM
 * with two penalties and FFM, 'thorough' FFM with two. Each is one training, and so is each set of interactions that
 * the gates of a base leave open. With the caller's own model there is one base and one training of the choice.
 */
export type Effort = 'quick' | 'normal' | 'thorough';

/**
 * Forms of a base from the firmest penalty to the lightest, of which the best on V2 gives its products to the gates.
 *
 * @param first The best form of the first base; null for that one.
 */
export type Base = (first: ModelForm | null) => readonly ModelForm[];

/** The forms that the recipe trains where it builds its models itself. */
export interface LibraryForms {
  bases: Record<Effort, readonly Base[]>;
  /** The form that an open set of a base is retrained in. */
  slimForm(base: ModelForm, selection: Selection): ModelForm;
  /** All forms, also those that the recipe does not train for this number of rows: an update may have more. */
  every: readonly ModelForm[];
}

/** Fields, and which of them may interact. */
type InteractingOf = Pick<FormOptions, 'fields' | 'interacting'>;

/** A form and the one that takes its place where few interactions are left, whose vectors are longer. */
interface Lengths {
  short: ModelForm;
  long: ModelForm;
}

/** An FFM of this share of all interactions or fewer has longer vectors: its table has the room. */
const LONG_SHARE = 0.5;
const SHORT = 8;
const MIDDLE = 16;
const LONG = 32;

/** Numbers in a table of embeddings up to which a penalty on all of them, at each step, costs little. */
const MOST_NUMBERS = 4_000_000;
/** With more training rows than these most values have enough that a ridge hardly holds them. */
const MOST_ROWS = 200_000;

/** Penalties of FFM against the sum of the loss, ridge / 2 |e|^2, from firm to light. */
const RIDGES: Record<Effort, readonly number[]> = {
  quick: [10],
  normal: [30, 10, 3, 1],
  thorough: [100, 30, 10, 3, 1, 0.3],
};

/**
 * The forms by their penalties. How much products overfit differs between tables by more than any one penalty can
 * serve, so V2 takes it from a path, as it does with logistic regression.
 *
 * @param rows Training rows.
 * @param interacting Names of the fields that may interact; default all.
 */
export function libraryForms(
  fields: readonly FieldSpec[],
  schedule: Pick<Schedule, 'learningRate'>,
  rows: number,
  interacting?: Interacting,
): LibraryForms {
  const {embedded} = new FieldLayout('autoSelect', fields);
  const own = embedded.filter(({name}) => interacting?.has(name) ?? true);
  const values = own.reduce((sum, {size}) => sum + size, 0);
  const of = {fields, interacting};
  const [ridge, lookedUp] = [ridgeForms(of, schedule, rows), lookedUpForms(of, schedule)];
  const isSmall = rows <= MOST_ROWS && values * Math.max(1, own.length - 1) * SHORT <= MOST_NUMBERS;
  return {...(isSmall ? ridge : lookedUp), every: [...ridge.every, ...lookedUp.every]};
}

/**
 * FFM with a ridge: a penalty on the whole table, by which rare values shrink most. Once with all weights from their
 * usual starts, where products can take over what logistic regression would overfit, and once on top of it, where they
 * add to the best linear model. And FFM with a penalty on what a batch looks up, which suits values that all have many
 * rows. FM is not among them: FFM of all pairs stands in its place, and FM with a ridge is not measured.
 */
function ridgeForms(of: InteractingOf, schedule: Pick<Schedule, 'learningRate'>, rows: number): LibraryForms {
  const forms = RIDGES.thorough.map(ridge => formsOfRidge(ridge, of, schedule, rows));
  const at = (first: ModelForm | null) => forms.findIndex(({short}) => short === first);
  const path = (effort: Effort): Base => {
    const own = RIDGES[effort].map(ridge => forms[RIDGES.thorough.indexOf(ridge)].short);
    return () => own;
  };
  // What adds to the best linear model has less to explain, so that its path begins at a firmer penalty.
  const onTop: Base = first => {
    const same = at(first);
    return forms.slice(Math.max(0, same - 1), same + 2).map(({onLinear}) => onLinear.short);
  };
  // Longer vectors say more of each value, so that they wait for the ridge that holds them.
  const longer: Base = first => {
    const {middle, long} = forms[at(first)];
    return [middle, long];
  };
  const aware = lookedUpFfm(of, schedule.learningRate);
  const others = [onTop, base(aware.short)];
  const lengths = [
    ...forms.flatMap(({short, middle, long, onLinear}) => [{short, long}, {short: middle, long}, onLinear]),
    aware,
  ];
  return {
    bases: {
      quick: [path('quick')],
      normal: [path('normal'), ...others],
      thorough: [path('thorough'), ...others, longer],
    },
    every: [...new Set(lengths.flatMap(({short, long}) => [short, long]))],
    slimForm: slimForm(lengths),
  };
}

/** The forms of FFM with one ridge. */
interface FormsOfRidge extends Lengths {
  middle: ModelForm;
  onLinear: Lengths;
}

function formsOfRidge(
  ridge: number,
  of: InteractingOf,
  {learningRate}: Pick<Schedule, 'learningRate'>,
  rows: number,
): FormsOfRidge {
  const formOf = (onLinear: boolean, embeddingDim: number) =>
    ffmForm({
      ...of,
      name: `FFM${onLinear ? ' on LR' : ''}, ridge ${ridge}` + (embeddingDim === SHORT ? '' : `, d ${embeddingDim}`),
      embeddingDim,
      tableL2: ridge / (2 * rows),
      learningRate: learningRate / 2,
      onLinear,
    });
  return {
    short: formOf(false, SHORT),
    middle: formOf(false, MIDDLE),
    long: formOf(false, LONG),
    onLinear: {short: formOf(true, SHORT), long: formOf(true, LONG)},
  };
}

/** FM and FFM with penalties on what a batch looks up, whose steps cost what the batch costs. */
function lookedUpForms(of: InteractingOf, {learningRate}: Pick<Schedule, 'learningRate'>): LibraryForms {
  const fm = (name: string, l2: number) => fmForm({...of, name, embeddingDim: 16, l2});
  const usual = fm('FM', 0.012);
  const firm = fm('FM, firm penalty', 0.03);
  const aware = lookedUpFfm(of, learningRate);
  const light = ffmForm({
    ...of,
    name: 'FFM, light penalty',
    embeddingDim: SHORT,
    l2: 0.002,
    learningRate: learningRate / 4,
  });
  const normal = [base(usual), base(firm), base(aware.short)];
  return {
    bases: {quick: [base(usual)], normal, thorough: [...normal, base(light)]},
    every: [usual, firm, aware.short, aware.long, light],
    slimForm: slimForm([aware]),
  };
}

/** FFM with a penalty on what a batch looks up. Of its vectors each is in one product, so that it is half of FM's. */
function lookedUpFfm(of: InteractingOf, learningRate: number): Lengths {
  const formOf = (name: string, embeddingDim: number) =>
    ffmForm({...of, name, embeddingDim, l2: 0.006, learningRate: learningRate / 2});
  return {short: formOf('FFM', SHORT), long: formOf('FFM, d 32', LONG)};
}

const base =
  (form: ModelForm): Base =>
  () => [form];

const slimForm = (lengths: readonly Lengths[]) => (base: ModelForm, selection: Selection) =>
  selection.length <= LONG_SHARE * base.all.length ? (lengths.find(({short}) => short === base)?.long ?? base) : base;
