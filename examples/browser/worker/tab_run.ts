import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {
  allInteractions,
  autoSelect,
  type AutoSelection,
  type Decision,
  evaluateSelection,
  type GatedInteraction,
  type LabeledRows,
  recordRun,
  type RunRecord,
  SeededBatches,
  type SelectStep,
} from 'tfjs-autofis';
import type {Decided, Finished, Report, RunProgress, RunView, Trace} from '../protocol';
import type {Settings} from '../settings';
import {words} from '../strings';
import {ChosenModel} from './chosen_model';
import {load} from './database';
import {type Dataset, fieldsOf, PROPOSED, someRows, tensorsOf, valueNames} from './dataset';
import {planOf, progressOf, type Reached, type RunPlan, secondsUntil} from './estimate';
import {filesOf} from './files';
import {finishedOf} from './finished';
import {type Control, Live} from './live';
import {amongAll, heldParts, type HeldParts, placesOf, spreadOf, WhatIfGates} from './what_if';
import {fitModel} from '../../../src/training/fit_model';
import {modelProducts} from '../../../src/components/products/model_products';
import type {StepStore} from '../../../src/training/step_store';
import type {Trainer} from '../../../src/components/products/trainer';

/** All that is saved of a run between visits, besides its finished steps, each under its name. */
export interface SavedRun {
  dataset: Dataset;
  settings: Settings;
  trace: Trace;
  /** Null before the gates are decided. */
  decided: Decided | null;
  /** Null before the run is finished. */
  held: HeldParts | null;
  finished: Finished;
}

/** What a run needs of the tab. */
export interface Surroundings {
  tell(report: Report): void;
  /** Saves; whether that was possible. */
  keep(values: Partial<SavedRun> & {[step: string]: unknown}): Promise<boolean>;
  /** Whether this tab saves its run. */
  readonly saves: boolean;
  readonly threads: number;
}

/** In front of the keys of finished steps. */
const STEP = 'step: ';
/** How often the page hears of a training, in milliseconds. */
const REPORT_EVERY = 100;
/** Rows that show, while products are trained, how far each pair moves the prediction. */
const WEIGHED_ROWS = 400;

/** One run: the recipe on one table. */
export class TabRun {
  private trace: Trace = {steps: [], trained: 0};
  private decided: Decided | null = null;
  private held: HeldParts | null = null;
  private finished: Finished | null = null;
  private whatIf: WhatIfGates | null = null;
  /** Made when the run computes. */
  private plan!: RunPlan;
  /** When this tab began to compute, and the seconds of the plan that were done then. */
  private clock = {begun: 0, from: 0};
  /** Whether a finished step of an earlier visit was found since the last progress. */
  private isRestored = false;
  private chosen: Promise<ChosenModel> | null = null;
  /** Results of finished steps, for where the browser saves nothing. */
  private readonly steps = new Map<string, unknown>();

  constructor(
    private readonly dataset: Dataset,
    private readonly settings: Settings,
    private readonly around: Surroundings,
  ) {}

  /** The run of an earlier visit, as far as it had come. */
  static restore(
    {dataset, settings, trace, decided, held, finished}: Partial<SavedRun> & Pick<SavedRun, 'dataset' | 'settings'>,
    around: Surroundings,
  ): TabRun {
    const run = new TabRun(dataset, settings, around);
    run.trace = trace ?? run.trace;
    run.decided = decided ?? null;
    run.held = held ?? null;
    run.finished = finished ?? null;
    return run;
  }

  view(): RunView {
    const {dataset, settings} = this;
    // Runs that were saved by earlier versions have no choices.
    const {train, valid, test, name, isSample, choices = PROPOSED} = dataset;
    return {
      data: name,
      isSample,
      choices,
      rows: train.rows + valid.rows + test.rows,
      settings,
      fields: fieldsOf(dataset).map(({name: field}) => field),
    };
  }

  /** Shows the run of an earlier visit. */
  async show(tell: Surroundings['tell']): Promise<void> {
    const {trace, decided} = this;
    tell({type: 'trace', trace});
    if (decided !== null) tell({type: 'decided', decided});
    if (this.finished === null) tell({type: 'interrupted'});
    else await this.showFinished(this.finished, tell);
  }

  /** Selects; steps that are finished are not made again. */
  async select(control: Control): Promise<void> {
    const {dataset, settings, around} = this;
    const {width} = dataset;
    const [train, validation, test] = [dataset.train, dataset.valid, dataset.test].map(part => tensorsOf(part, width));
    const weighed = someRows(validation, WEIGHED_ROWS);
    this.trace = {steps: [], trained: 0};
    this.plan = planOf(dataset, settings.effort);
    this.clock = {begun: performance.now(), from: 0};
    this.progress({stage: 'folds', done: 0}, 'fields');
    try {
      const found = await autoSelect({
        fields: fieldsOf(dataset),
        train,
        validation,
        test,
        effort: settings.effort,
        seed: settings.seed,
        store: this.store(control),
        trainer: this.trainer(control, weighed),
        onStep: (sentence, step) => this.took(sentence, step),
      });
      this.progress({stage: 'models'}, 'record');
      this.held = await heldParts(found.model, test, {
        fields: fieldsOf(dataset).map(({name}) => name),
        interactions: found.selection.length,
      });
      this.finished = await this.finish(found, test);
      [found.model, ...found.rivals.map(({model}) => model)].forEach(model => model.dispose());
    } finally {
      tf.dispose([train, validation, test, weighed].flatMap(({xs, ys}) => [xs, ys]) as tf.Tensor[]);
    }
    const saved = await around.keep({
      trace: this.trace,
      decided: this.decided,
      held: this.held,
      finished: this.finished,
    });
    await this.showFinished(this.finished, around.tell);
    around.tell({type: 'saved', saved});
  }

  /** Changes gates by hand, and says what that does. */
  tryGates(change: (gates: WhatIfGates) => void): void {
    const {whatIf} = this;
    if (whatIf === null) return;
    change(whatIf);
    this.around.tell({type: 'whatIf', whatIf: whatIf.state()});
  }

  /** Shows what a field or an interaction adds in the chosen model. */
  async showEffect(fields: readonly number[], at: readonly number[]): Promise<void> {
    if (this.finished === null) return;
    this.around.tell({type: 'effect', view: await (await this.modelOf(this.finished)).effect(fields, at)});
  }

  /** Asks the chosen model for a row; null for the one it was asked for last. */
  async askRow(ids: readonly number[] | null): Promise<void> {
    if (this.finished === null) return;
    this.around.tell({type: 'row', view: await (await this.modelOf(this.finished)).row(ids)});
  }

  async dispose(): Promise<void> {
    // One that could not be loaded has nothing to free.
    (await this.chosen?.catch(() => null))?.dispose();
  }

  private modelOf(finished: Finished): Promise<ChosenModel> {
    this.chosen ??= ChosenModel.of(finished.files, this.dataset, this.strongest(finished));
    return this.chosen;
  }

  private store(control: Control): StepStore {
    return {
      get: async key => {
        await control.wait();
        const value = this.steps.get(key) ?? (this.around.saves ? await load(STEP + key) : undefined);
        this.isRestored ||= value !== undefined;
        return value;
      },
      set: async (key, value) => {
        this.steps.set(key, value);
        await this.around.keep({[STEP + key]: value});
      },
    };
  }

  /** Trains, and shows the progress and how far each pair moves the log-odds. */
  private trainer(control: Control, weighed: LabeledRows): Trainer {
    const fields = fieldsOf(this.dataset).length;
    const pairs = (fields * (fields - 1)) / 2;
    return async ({model, train, schedule, seed, callbacks}) => {
      const batches = new SeededBatches(train as LabeledRows, {batchSize: schedule.batchSize, seed});
      const steps = schedule.epochs * batches.size;
      const places = placesIn(model, fields);
      let reported = 0;
      const live = new Live(control, {
        moved: (step, loss) => {
          const now = performance.now();
          if (now - reported < REPORT_EVERY) return;
          reported = now;
          this.progress(
            {stage: 'training', trained: this.trace.trained, share: step / steps},
            {
              training: Math.min(this.trace.trained + 1, this.plan.trainings),
              trainings: this.plan.trainings,
              pass: Math.ceil(step / batches.size),
              passes: schedule.epochs,
              loss,
            },
          );
        },
        passed: () => {
          if (this.decided !== null) return;
          const spread = amongAll(spreadOf(modelProducts(model, weighed.xs)), places, pairs);
          this.around.tell({type: 'spread', spread});
        },
      });
      await fitModel(model, batches, {epochs: schedule.epochs, callbacks: [...callbacks, live]});
      const {trained} = this.trace;
      this.trace.trained++;
      this.progress({stage: 'training', trained, share: 1}, this.decided === null ? this.judging() : 'model');
    };
  }

  /** What follows a training on which gates are decided: another one, or the decision. */
  private judging(): 'fields' | 'gates' {
    const {folds, penalties} = this.plan;
    return this.trace.trained < folds * penalties ? 'fields' : 'gates';
  }

  /** Tells how far the run is. Its speed is that of what this visit has computed. */
  private progress(reached: Reached, doing: RunProgress['doing']): void {
    const until = secondsUntil(this.plan, reached);
    if (this.isRestored) this.clock = {begun: performance.now(), from: until};
    this.isRestored = false;
    const {begun, from} = this.clock;
    const elapsed = (performance.now() - begun) / 1000;
    const {total, fold, gates, again} = this.plan;
    const seconds = typeof doing === 'string' ? {fields: fold, gates, model: again, record: total - until}[doing] : 0;
    this.around.tell({
      type: 'progress',
      progress: {doing, next: (until + seconds) / total, ...progressOf(this.plan, {from, until, elapsed})},
    });
  }

  private took(sentence: string, step: SelectStep): void {
    const {trace, plan} = this;
    trace.steps = [...trace.steps, sentence];
    // Also where the step is one of an earlier visit.
    if (step.type === 'fold') trace.trained = step.done * plan.penalties;
    if (step.type === 'decided') {
      this.decided = decidedOf(step.decision, fieldsOf(this.dataset).length);
      this.around.tell({type: 'decided', decided: this.decided});
      this.progress({stage: 'decided'}, 'model');
    }
    if (step.type === 'retrained') trace.trained = plan.trainings - 1;
    this.around.tell({type: 'trace', trace});
    void this.around.keep({trace, decided: this.decided}).then(saved => this.around.tell({type: 'saved', saved}));
  }

  private async finish(found: AutoSelection, test: LabeledRows): Promise<Finished> {
    const {dataset, settings} = this;
    const {train, valid, fitted, name} = dataset;
    const run: RunRecord = await recordRun({
      title: words.report.title(name),
      positive: dataset.positive,
      fields: fieldsOf(dataset),
      valueNames: valueNames(fitted),
      train,
      validation: valid,
      test: dataset.test,
      source: name,
      assumptions: dataset.assumptions,
      selected: found,
      models: await evaluateSelection(found, test),
      settings: {...settings},
      seed: settings.seed,
      backend: words.report.backend(this.around.threads),
      versions: {'tfjs-core': tf.version_core, 'tfjs-layers': tfl.version_layers},
    });
    const count = fieldsOf(dataset).length;
    return finishedOf(run, (count * (count - 1)) / 2, await filesOf(found, dataset, run));
  }

  private async showFinished(finished: Finished, tell: Surroundings['tell']): Promise<void> {
    const effect = await (await this.modelOf(finished)).effect(this.strongest(finished), []);
    tell({type: 'finished', finished, effect});
    if (this.held === null || this.held.places.length === 0) return;
    this.whatIf = new WhatIfGates(this.held, finished.figures.selected.length);
    tell({type: 'whatIf', whatIf: this.whatIf.state()});
  }

  /** The fields of the selected interaction that gains most; without any the field that does. */
  private strongest({selected, larger, fieldGains}: Finished): readonly number[] {
    const pairs = allInteractions(fieldsOf(this.dataset).length, 2);
    if (selected.length > 0) return [...pairs, ...larger][selected[0]];
    const {gain} = fieldGains;
    return [gain.indexOf(gain.reduce((most, each) => Math.max(most, each), -Infinity))];
  }
}

/** What the page shows of a decision. */
function decidedOf({interactions, path, chosen}: Decision, fields: number): Decided {
  const pairs = interactions.filter(({order}) => order === 2);
  const places = placesOf(
    pairs.map(({interaction}) => interaction),
    fields,
  );
  const gains = pairs.map(({gain}) => gain);
  return {
    judged: interactions.length,
    open: interactions.filter(({open}) => open).length,
    path: path.map(({lambda, logloss}) => ({lambda, logloss})),
    chosen,
    gain: amongAll(gains, places, (fields * (fields - 1)) / 2),
  };
}

/** Where the products of a model stand among all pairs of fields. */
function placesIn(model: tfl.LayersModel, fields: number): number[] {
  const layer = model.layers.find(each => each.getClassName() === 'GatedInteraction') as GatedInteraction;
  return placesOf(layer.interactions, fields);
}
