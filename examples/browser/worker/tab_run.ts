import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {
  allInteractions,
  autoSelect,
  type AutoSelection,
  EpochMetrics,
  evaluateSelection,
  fitModel,
  type GatedInteraction,
  heldOutParts,
  type LabeledRows,
  modelProducts,
  recordRun,
  type RunRecord,
  SeededBatches,
  type SelectStep,
  type StepStore,
  type Trainer,
} from 'tfjs-autofis';
import type {Finished, GatePath, PairView, Report, RunView, Trace} from '../protocol';
import type {Settings} from '../settings';
import {words} from '../strings';
import {load} from './database';
import {type Dataset, fieldsOf, someRows, tensorsOf, valueNames} from './dataset';
import {progressOf} from './estimate';
import {filesOf} from './files';
import {finishedOf} from './finished';
import {type Control, Live} from './live';
import {PairRates} from './pair_rates';
import {TryRow} from './try_row';
import {alphaOf, amongAll, type HeldProducts, placesOf, spreadOf, WhatIfGates} from './what_if';

/** All that is kept of a run between visits, besides its finished steps, each under its name. */
export interface SavedRun {
  dataset: Dataset;
  settings: Settings;
  trace: Trace;
  /** Of the base that V2 prefers; null before one is fitted. */
  gates: GatePath | null;
  /** Of each base, by its name. */
  products: {[base: string]: HeldProducts};
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
/** Products on V2 that are kept at most, and rows that are weighed while a base trains. */
const MOST_PRODUCTS = 3_000_000;
const WEIGHED_ROWS = 400;

/** One run: the recipe on one table. */
export class TabRun {
  private trace: Trace = {steps: [], trained: 0, refitted: 0, curves: [], linear: null};
  private gates: GatePath | null = null;
  private products: {[base: string]: HeldProducts} = {};
  private finished: Finished | null = null;
  private whatIf: WhatIfGates | null = null;
  private readonly rates: PairRates;
  private tryRow: Promise<TryRow> | null = null;
  /** Results of finished steps, for where the browser saves nothing. */
  private readonly steps = new Map<string, unknown>();

  constructor(
    private readonly dataset: Dataset,
    private readonly settings: Settings,
    private readonly around: Surroundings,
  ) {
    this.rates = new PairRates(dataset);
  }

  /** The run of an earlier visit, as far as it had come. */
  static restore(
    {dataset, settings, trace, gates, products, finished}: Partial<SavedRun> & Pick<SavedRun, 'dataset' | 'settings'>,
    around: Surroundings,
  ): TabRun {
    const run = new TabRun(dataset, settings, around);
    run.trace = trace ?? run.trace;
    run.gates = gates ?? null;
    run.products = products ?? {};
    run.finished = finished ?? null;
    return run;
  }

  view(): RunView {
    const {dataset, settings} = this;
    const {train, valid, test, name} = dataset;
    return {
      data: name,
      rows: train.rows + valid.rows + test.rows,
      settings,
      fields: fieldsOf(dataset).map(({name: field}) => field),
    };
  }

  /** Shows the run of an earlier visit. */
  show(tell: Surroundings['tell']): void {
    const {trace, gates} = this;
    tell({type: 'trace', trace});
    if (gates !== null) tell({type: 'gates', gates});
    if (this.finished === null) tell({type: 'interrupted'});
    else this.showFinished(this.finished, tell);
  }

  /** Runs the recipe; steps that are finished are not made again. */
  async select(control: Control): Promise<void> {
    const {dataset, settings, around} = this;
    const {width} = dataset;
    const [train, validation, test] = [dataset.train, dataset.valid, dataset.test].map(part => tensorsOf(part, width));
    const {gates, choice} = heldOutParts(validation, settings.seed);
    tf.dispose([gates.xs, gates.ys] as tf.Tensor[]);
    this.trace = {...this.trace, steps: [], trained: 0, refitted: 0};
    try {
      const found = await autoSelect({
        fields: fieldsOf(dataset),
        train,
        validation,
        test,
        effort: settings.effort,
        seed: settings.seed,
        store: this.store(control),
        trainer: this.trainer(control, choice),
        onStep: (said, step) => this.took(said, step),
      });
      this.finished = await this.finish(found, test);
      [found.model, ...found.rivals.map(({model}) => model)].forEach(model => model.dispose());
    } finally {
      tf.dispose([train, validation, test, choice].flatMap(({xs, ys}) => [xs, ys]) as tf.Tensor[]);
    }
    const saved = await around.keep({trace: this.trace, gates: this.gates, finished: this.finished});
    this.showFinished(this.finished, around.tell);
    around.tell({type: 'saved', saved});
  }

  /** Changes gates by hand, and says what that does. */
  tryGates(change: (gates: WhatIfGates) => void): void {
    const {whatIf} = this;
    if (whatIf === null) return;
    change(whatIf);
    this.around.tell({type: 'whatIf', whatIf: whatIf.state()});
  }

  /** Shows what the training rows say of a pair. */
  showPair(pair: number): void {
    this.around.tell({type: 'pair', view: this.pairView(pair)});
  }

  /** Asks the chosen model for a row; null for the one it was asked for last. */
  async askRow(ids: readonly number[] | null): Promise<void> {
    const {finished, dataset} = this;
    if (finished === null) return;
    this.tryRow ??= TryRow.of(finished.files, dataset, this.rates);
    this.around.tell({type: 'row', view: (await this.tryRow).ask(ids)});
  }

  async dispose(): Promise<void> {
    // One that could not be loaded has nothing to free.
    (await this.tryRow?.catch(() => null))?.dispose();
  }

  private pairView(pair: number): PairView {
    const pairs = allInteractions(fieldsOf(this.dataset).length, 2);
    return this.rates.of(pair, pairs[pair] as [number, number]);
  }

  private store(control: Control): StepStore {
    return {
      get: async key => {
        await control.wait();
        return this.steps.get(key) ?? (this.around.saves ? load(STEP + key) : undefined);
      },
      set: async (key, value) => {
        this.steps.set(key, value);
        await this.around.keep({products: this.products, [STEP + key]: value});
      },
    };
  }

  /** Trains, and shows how: loss and AUC, and of a base how far each pair moves the log-odds. */
  private trainer(control: Control, choice: LabeledRows): Trainer {
    const fields = fieldsOf(this.dataset).length;
    const pairs = (fields * (fields - 1)) / 2;
    const held = someRows(choice, Math.floor(MOST_PRODUCTS / pairs));
    const weighed = someRows(choice, WEIGHED_ROWS);
    return async ({name, purpose, model, train, schedule, seed, callbacks}) => {
      const batches = new SeededBatches(train as LabeledRows, {batchSize: schedule.batchSize, seed});
      const steps = schedule.epochs * batches.size;
      const curve = {name, auc: [] as number[]};
      const places = purpose === 'base' ? placesIn(model, fields) : null;
      const begun = performance.now();
      let reported = 0;
      // The last models learn from V2, too: what they reach there says nothing.
      const isJudged = purpose !== 'again';
      if (isJudged) this.trace.curves = [...this.trace.curves.filter(each => each.name !== name), curve];
      const live = new Live(control, {
        moved: (step, loss) => {
          const now = performance.now();
          if (now - reported < REPORT_EVERY) return;
          reported = now;
          const rate = (now - begun) / step;
          this.around.tell({
            type: 'progress',
            progress: {
              name,
              pass: Math.ceil(step / batches.size),
              passes: schedule.epochs,
              loss,
              ...progressOf(this.settings.effort, this.trace, {
                purpose,
                share: step / steps,
                seconds: (rate * steps) / 1000,
              }),
            },
          });
        },
        passed: (_, logs) => {
          if (!isJudged) return;
          curve.auc.push(logs['val_auc']);
          this.around.tell({type: 'trace', trace: this.trace});
          if (places === null) return;
          const spread = amongAll(spreadOf(modelProducts(model, weighed.xs)), places, pairs);
          this.around.tell({type: 'spread', spread});
        },
      });
      await fitModel(model, batches, {
        epochs: schedule.epochs,
        callbacks: [...callbacks, ...(isJudged ? [new EpochMetrics({data: choice})] : []), live],
      });
      if (places === null) return;
      const {products, base} = modelProducts(model, held.xs);
      const labels = held.ys.dataSync() as Float32Array;
      this.products[name] = {products: amongAll(products, places, pairs), base, labels};
    };
  }

  private took(said: string, step: SelectStep): void {
    const {trace} = this;
    trace.steps = [...trace.steps, said];
    if (step.type === 'trained' && step.candidate.ridge !== null) trace.linear = step.candidate.choice.auc;
    // A GA2M is fitted at once, and has no training whose steps are counted.
    else if (step.type === 'trained' && step.candidate.schedule !== null) trace.trained++;
    else if (step.type === 'retrained') trace.refitted++;
    if (step.type === 'gates') {
      const {name} = step.candidate;
      const {path, chosen, sets} = step.gates;
      // Of several bases the one that V2 prefers is shown; of a GA2M the products of all other pairs are not known.
      const {gates} = this;
      const held = this.products[name];
      const isBetter = gates === null || path[chosen].logloss <= gates.path[gates.chosen].logloss;
      if (held !== undefined && isBetter && gates?.name !== name) {
        const fields = fieldsOf(this.dataset).length;
        const spread = spreadOf(held);
        const places = placesOf(
          sets[0].interactions.map(({interaction}) => interaction),
          fields,
        );
        this.gates = {
          name,
          count: places.length,
          path: path.map(({lambda, open, logloss, alpha}) => ({
            lambda,
            open,
            logloss,
            alpha: amongAll(alpha, places, spread.length),
          })),
          chosen,
          spread,
        };
        this.around.tell({type: 'gates', gates: this.gates});
      }
    }
    this.around.tell({type: 'trace', trace});
    void this.around.keep({trace, gates: this.gates}).then(saved => this.around.tell({type: 'saved', saved}));
  }

  private async finish(found: AutoSelection, test: LabeledRows): Promise<Finished> {
    const {dataset, settings} = this;
    const {train, valid, fitted, name} = dataset;
    const run: RunRecord = recordRun({
      title: words.report.title(name),
      positive: dataset.positive,
      fields: fieldsOf(dataset),
      valueNames: valueNames(fitted),
      train,
      validation: valid,
      test: dataset.test,
      source: name,
      assumptions: dataset.assumptions,
      recipe: found,
      models: await evaluateSelection(found, test),
      settings: {...settings},
      seed: settings.seed,
      backend: words.report.backend(this.around.threads),
      versions: {'tfjs-core': tf.version_core, 'tfjs-layers': tfl.version_layers},
    });
    const count = fieldsOf(dataset).length;
    return finishedOf(run, (count * (count - 1)) / 2, await filesOf(found, dataset, run));
  }

  private showFinished(finished: Finished, tell: Surroundings['tell']): void {
    const {gates} = this;
    tell({type: 'finished', finished, pair: this.pairView(finished.kept[0] ?? 0)});
    const held = gates === null ? undefined : this.products[gates.name];
    if (gates === null || held === undefined) return;
    this.whatIf = new WhatIfGates(held, alphaOf(gates, finished.pairs.kept), finished.pairs.kept);
    tell({type: 'whatIf', whatIf: this.whatIf.state()});
  }
}

/** Where the products of a base stand among all pairs of fields. */
function placesIn(model: tfl.LayersModel, fields: number): number[] {
  const layer = model.layers.find(each => each.getClassName() === 'GatedInteraction') as GatedInteraction;
  return placesOf(layer.interactions, fields);
}
