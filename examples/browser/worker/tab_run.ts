import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {recordRun, StageRecorder, type LabeledRows, type RunRecord, type Selection} from 'tfjs-autofis';
import type {Live as LivePictures, Measured, Report, RunView} from '../protocol';
import type {Settings} from '../settings';
import {words} from '../strings';
import {type Dataset, fieldsOf, tensorsOf, valueNames} from './dataset';
import {filesOf, type NamedFile} from './files';
import {GatesByHand} from './gates_by_hand';
import {keptOf} from './kept';
import type {Control} from './live';
import {placeOf, retrain, retrainPasses, type RetrainSnapshot} from './retraining';
import {alphasOf, buildModel, curvesOf, dispose, gatesOf, runSearch, stepsOf} from './searching';
import {copyModel, copyState, pasteModel, pasteState, type Snapshot} from './snapshot';

/** What is saved of a finished run. */
export interface Finished {
  before: Measured;
  after: Measured;
  selection: Selection;
  run: RunRecord;
  files: NamedFile[];
}

/** All that is kept of a run between visits, each under its name. */
export interface SavedRun {
  dataset: Dataset;
  snapshot: Snapshot;
  retraining: RetrainSnapshot;
  finished: Finished;
}

/** What a run needs of the tab. */
export interface Surroundings {
  tell(report: Report): void;
  /** Hands the state to the worker that draws. */
  draw(live: LivePictures): void;
  /** Saves, or forgets what is given as undefined; whether that was possible. */
  keep(values: {[K in keyof SavedRun]?: SavedRun[K] | undefined}): Promise<boolean>;
  readonly threads: number;
}

/** How often the page hears of a training, and the worker that draws, in milliseconds. */
const TOLD_EVERY = 100;
const DRAWN_EVERY = 400;

/** One run: its data, the searched model, its gates and what is saved of it. */
export class TabRun {
  private snapshot: Snapshot | null = null;
  private retraining: RetrainSnapshot | null = null;
  private byHand: GatesByHand | null = null;
  private validation: LabeledRows | null = null;
  private readonly model: tfl.LayersModel;

  constructor(
    private readonly dataset: Dataset,
    private readonly settings: Settings,
    private readonly around: Surroundings,
  ) {
    this.model = buildModel(dataset, settings);
  }

  /** The run of an earlier visit, as far as it had come. */
  static async restore(
    {dataset, snapshot, retraining}: Partial<SavedRun> & Pick<SavedRun, 'dataset' | 'snapshot'>,
    around: Surroundings,
  ): Promise<TabRun> {
    const run = new TabRun(dataset, snapshot.settings, around);
    await pasteModel(run.model, snapshot.model);
    run.snapshot = snapshot;
    run.retraining = retraining ?? null;
    return run;
  }

  view(): RunView {
    const {snapshot, dataset, settings} = this;
    return {
      data: dataset.name,
      settings,
      gates: gatesOf(this.model),
      stage: snapshot?.stage ?? 'searching',
      steps: stepsOf(dataset, settings.passes),
    };
  }

  /** Shows a restored run. */
  async show(finished: Finished | undefined): Promise<void> {
    const {tell, draw} = this.around;
    const {recorder: state, passes, selection, stage} = this.snapshot!;
    const recorder = new StageRecorder();
    recorder.setState(pasteState(state));
    const {record} = recorder;
    const {alpha} = record;
    if (alpha !== null) {
      tell({
        type: 'progress',
        progress: {
          step: record.steps,
          steps: stepsOf(this.dataset, this.settings.passes),
          alpha: alphasOf(this.model),
          closedAt: alpha.closedAt,
          threshold: alpha.points[alpha.points.length - 1]?.threshold ?? 0,
          ...curvesOf(recorder),
          stepsPerSecond: 0,
          secondsLeft: Infinity,
        },
      });
      draw({record, selection: selection ?? []});
    }
    if (stage === 'searching')
      return tell({type: 'interrupted', role: 'search', pass: passes, passes: this.settings.passes});
    await this.showSearched();
    if (stage === 'retraining' && this.retraining !== null) {
      const {role, passes: pass} = placeOf(this.retraining);
      tell({type: 'interrupted', role, pass, passes: retrainPasses(this.settings)});
    } else if (stage === 'finished' && finished !== undefined) {
      this.showFinished(finished);
    }
  }

  /** Trains the gates, from where a saved search stands. */
  async search(control: Control): Promise<void> {
    const {model, dataset, settings, around} = this;
    const from = this.snapshot;
    let told = 0;
    let drawn = 0;
    let stepsDone = 0;
    const {search, recorder} = await runSearch(model, dataset, settings, control, from, {
      moved: (progress, {record}) => {
        const now = performance.now();
        const last = progress.step === progress.steps || control.isPaused;
        stepsDone = progress.step;
        if (now - told >= TOLD_EVERY || last) around.tell({type: 'progress', progress});
        if (now - told >= TOLD_EVERY) told = now;
        if (now - drawn < DRAWN_EVERY && !last) return;
        around.draw({record, selection: []});
        drawn = now;
      },
      passed: async (pass, copy, state) => {
        this.snapshot = {
          settings,
          stage: 'searching',
          passes: pass,
          model: copy,
          recorder: state,
          warnings: [],
          selection: null,
          stoppedAt: null,
          byHand: null,
        };
        const saved = await around.keep({snapshot: this.snapshot});
        around.tell({type: 'saved', role: 'search', pass, passes: settings.passes, saved});
      },
    });
    this.snapshot = {
      settings,
      stage: 'searched',
      passes: settings.passes,
      model: await copyModel(model),
      recorder: await copyState(recorder.state()),
      warnings: search.warnings,
      selection: search.selection,
      byHand: null,
      stoppedAt: control.stopped && stepsDone < stepsOf(dataset, settings.passes) ? stepsDone : null,
    };
    const saved = await around.keep({snapshot: this.snapshot});
    around.draw({record: recorder.record, selection: search.selection});
    await this.showSearched();
    around.tell({type: 'saved', role: 'search', pass: settings.passes, passes: settings.passes, saved});
  }

  /** Opens or closes a gate, or with null sets all as they were searched. */
  async setGate(change: {gate: number; interaction: number; open: boolean} | null): Promise<void> {
    const byHand = this.byHand!;
    if (change === null) byHand.setAll(null);
    else byHand.set(change.gate, change.interaction, change.open);
    this.snapshot = {...this.snapshot!, byHand: byHand.changed};
    this.around.tell({type: 'whatIf', whatIf: await byHand.state()});
    await this.around.keep({snapshot: this.snapshot});
  }

  /** Trains the two models to compare, from where a saved retraining stands. */
  async retrain(control: Control): Promise<void> {
    const {model, dataset, settings, around} = this;
    const passes = retrainPasses(settings);
    const from =
      this.snapshot!.stage === 'retraining' && this.retraining !== null
        ? this.retraining
        : {selection: this.byHand!.selection(), after: null, training: null};
    await this.setStage('retraining', from);
    const done = await retrain(model, from, dataset, settings, control, words.result.models, {
      moved: progress => around.tell({type: 'retraining', progress}),
      passed: async snapshot => {
        this.retraining = snapshot;
        const saved = await around.keep({retraining: snapshot});
        const {role, passes: pass} = placeOf(snapshot);
        around.tell(
          snapshot.training === null
            ? {type: 'saved', role: 'after', pass: passes, passes, saved}
            : {type: 'saved', role, pass, passes, saved},
        );
      },
    });
    if (done === null) {
      await this.setStage('searched', null);
      return this.showSearched();
    }
    const {slim, recorder, records, measured} = done;
    const {selection} = from;
    const run = this.record(selection, recorder, [records.before, records.after]);
    const finished: Finished = {...measured, selection, run, files: await filesOf(slim, dataset, selection, run)};
    slim.dispose();
    const saved = await this.setStage('finished', null, finished);
    around.tell({type: 'saved', role: 'before', pass: passes, passes, saved});
    this.showFinished(finished);
  }

  /** Whether a saved search or retraining stands in its middle. */
  get interrupted(): 'search' | 'retrain' | null {
    const stage = this.snapshot?.stage;
    return stage === 'searching' ? 'search' : stage === 'retraining' ? 'retrain' : null;
  }

  dispose(): void {
    this.model.dispose();
    if (this.validation !== null) dispose(this.validation);
  }

  private async setStage(
    stage: Snapshot['stage'],
    retraining: RetrainSnapshot | null,
    finished?: Finished,
  ): Promise<boolean> {
    this.snapshot = {...this.snapshot!, stage};
    this.retraining = retraining;
    return this.around.keep({snapshot: this.snapshot, retraining: retraining ?? undefined, finished});
  }

  private async showSearched(): Promise<void> {
    const {selection, stoppedAt, warnings, byHand} = this.snapshot!;
    if (this.byHand === null) {
      this.validation = tensorsOf(this.dataset.valid, this.dataset.width);
      this.byHand = new GatesByHand(this.model, this.validation);
      await this.byHand.state();
    }
    this.byHand.setAll(byHand);
    this.around.tell({
      type: 'searched',
      kept: keptOf(selection!, this.dataset),
      stoppedAt,
      warnings,
      whatIf: await this.byHand.state(),
    });
  }

  private showFinished({before, after, selection, run, files}: Finished): void {
    this.around.tell({type: 'finished', before, after, kept: keptOf(selection, this.dataset), run, files});
  }

  private record(
    selection: Selection,
    retrainRecorder: StageRecorder,
    models: Parameters<typeof recordRun>[0]['models'],
  ): RunRecord {
    const {dataset, settings, snapshot} = this;
    const {train, valid, test, fitted, name} = dataset;
    const recorder = new StageRecorder();
    recorder.setState(pasteState(snapshot!.recorder));
    return recordRun({
      title: words.report.title(name),
      positive: words.report.positive(fitted.schema.label!.column),
      fields: fieldsOf(dataset),
      valueNames: valueNames(fitted),
      train,
      validation: valid,
      test,
      source: name,
      search: recorder.record,
      retrain: retrainRecorder.record,
      selection,
      warnings: snapshot!.warnings,
      models,
      settings: {...settings},
      seed: settings.seed,
      backend: words.report.backend(this.around.threads),
      versions: {'tfjs-core': tf.version_core, 'tfjs-layers': tfl.version_layers},
    });
  }
}
