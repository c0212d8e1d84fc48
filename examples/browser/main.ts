import type {Drawn, Report, Request, RunView} from './protocol';
import {words} from './strings';
import {byId, showMessage, write} from './view/element';
import {Figures} from './view/figures';
import {HeatMap} from './view/heat_map';
import {Pictures} from './view/pictures';
import {showComparison, showFiles, showKept, showWarnings, showWhatIf} from './view/result_view';
import {SettingsForm} from './view/settings_form';
import {showTable} from './view/table_view';

type State = keyof typeof words.run.status | 'idle';

/** What the page knows of the run that it shows. */
let run: RunView | null = null;
let state: State = 'idle';
let heat: HeatMap | null = null;
/** The files of a finished run; the report follows when it is drawn. */
let files: Array<{name: string; bytes: Uint8Array | string}> = [];
let ready = false;
let canStart = false;

const searcher = new Worker(new URL('./worker/worker.ts', import.meta.url), {type: 'module'});
const drawer = new Worker(new URL('./draw/draw_worker.ts', import.meta.url), {type: 'module'});
const between = new MessageChannel();
searcher.postMessage({pictures: between.port1}, [between.port1]);
drawer.postMessage({pictures: between.port2}, [between.port2]);

// A worker that runs out of memory says nothing but this.
for (const worker of [searcher, drawer]) worker.onerror = () => showMessage(byId('data-error'), words.page.crashed);

const retrained = new Pictures(byId('retrained'));
const pictures = new Pictures(byId('pictures'), width => drawer.postMessage({width}));
const figures = new Figures(byId('figures'));
const form = new SettingsForm(settings => {
  if (!canStart) return;
  byId('result').hidden = true;
  setState('starting');
  ask({type: 'start', settings});
});
const button = (id: string) => byId<HTMLButtonElement>(id);

function ask(request: Request): void {
  searcher.postMessage(request);
}

function setState(next: State): void {
  state = next;
  const running = ['starting', 'searching', 'retraining', 'paused'].includes(next);
  button('start').disabled = !ready || !canStart || running || next === 'stopping';
  button('pause').hidden = button('stop').hidden = !running && next !== 'stopping';
  button('pause').disabled = button('stop').disabled = next === 'stopping';
  write(button('pause'), next === 'paused' ? words.run.resume : words.run.pause);
  button('continue').hidden = next !== 'interrupted';
  button('discard').hidden = !['interrupted', 'searched', 'finished'].includes(next);
  button('retrain').disabled = running || next === 'stopping';
  for (const control of [button('sample'), byId<HTMLInputElement>('file')])
    control.disabled = running || next === 'stopping';
  write(byId('run-status'), next === 'idle' ? '' : words.run.status[next]);
}

function open(file: File | {sample: string}, name: string): void {
  showMessage(byId('data-notice'), null);
  showMessage(byId('data-error'), null);
  // An earlier table keeps its place, so that nothing jumps, but is not to be used any more.
  for (const id of ['table', 'setup']) byId(id).inert = true;
  canStart = false;
  setState(state);
  write(byId('data-status'), words.data.reading(0));
  ask({type: 'open', file, name});
}

function showRun(view: RunView): void {
  run = view;
  byId('run').hidden = false;
  byId('result').hidden = true;
  for (const id of ['run-error', 'run-notice']) showMessage(byId(id), null);
  write(byId('run-saved'), '');
  write(byId('what-if'), words.result.notYet);
  button('reset-gates').disabled = true;
  clearModels();
  heat = new HeatMap(byId('heat'), view.gates, (gate, interaction, isOpen) => {
    if (state === 'searched' || state === 'finished') ask({type: 'gate', gate, interaction, open: isOpen});
  });
  pictures.clear();
  figures.clear();
}

/** No retrained models yet. */
function clearModels(): void {
  files = [];
  showFiles(files);
  showComparison(null);
  retrained.clear();
}

/** What comes after the choice of data is there when there is a table, and not before: then nothing is pushed down by it. */
function hasTable(has: boolean): void {
  for (const id of ['table', 'setup']) {
    byId(id).hidden = !has;
    byId(id).inert = false;
  }
}

/** How far the run is: the search, or both retrainings. */
function showShare(share: number): void {
  byId<HTMLProgressElement>('run-progress').value = share;
}

const answers: {[K in Report['type']]: (report: Extract<Report, {type: K}>) => void} = {
  ready: ({saved, notice}) => {
    ready = true;
    document.documentElement.dataset.ready = 'true';
    setState('idle');
    if (form.linked) write(byId('data-status'), words.settings.linked);
    if (saved !== null) {
      if (!form.linked) form.set(saved.settings);
      showRun(saved);
    }
    showMessage(byId(saved === null ? 'data-notice' : 'run-notice'), notice);
  },
  notice: ({message}) => showMessage(byId('run-notice'), message),
  reading: ({share}) => write(byId('data-status'), words.data.reading(share)),
  table: ({table}) => {
    write(byId('data-status'), words.data.summary(table));
    showMessage(byId('data-error'), table.obstacle);
    showTable(byId('table'), table, (label, uses) => ask({type: 'plan', label, uses}));
    canStart = table.obstacle === null;
    hasTable(true);
    setState(state);
  },
  refused: ({message}) => {
    write(byId('data-status'), '');
    showMessage(byId('data-error'), message);
    hasTable(false);
  },
  run: ({run: view}) => {
    showRun(view);
    setState('searching');
    byId('run-title').focus();
  },
  progress: ({progress}) => {
    heat?.update(progress.alpha, progress.closedAt);
    figures.search(progress);
    showShare(progress.step / progress.steps);
  },
  saved: ({saved, ...place}) => write(byId('run-saved'), saved ? words.run.saved(place) : words.run.notSaved),
  interrupted: place => {
    setState('interrupted');
    write(byId('run-saved'), words.run.interrupted(run!.data, place));
  },
  paused: () => setState('paused'),
  resumed: () => setState(run?.stage === 'searching' ? 'searching' : 'retraining'),
  searched: ({kept, stoppedAt, warnings, whatIf}) => {
    run!.stage = 'searched';
    setState('searched');
    showWarnings([
      ...(stoppedAt === null ? [] : [words.run.stopped(stoppedAt, run!.steps)]),
      ...warnings.map(words.sentence),
    ]);
    showKept(kept);
    heat?.explain(kept);
    heat?.byHand(whatIf.open);
    showWhatIf(whatIf);
    figures.rest();
    button('retrain').disabled = !whatIf.open.flat().includes(true);
    byId('result').hidden = false;
  },
  retraining: ({progress}) => {
    run!.stage = 'retraining';
    if (state !== 'paused' && state !== 'stopping') setState('retraining');
    write(
      byId('run-status'),
      `${words.run.status[state as 'paused' | 'stopping' | 'retraining']}${words.run.model[progress.role]}`,
    );
    figures.retrain(progress);
    showShare(((progress.role === 'before' ? 1 : 0) + progress.step / progress.steps) / 2);
  },
  finished: ({before, after, kept, run: record, files: own}) => {
    run!.stage = 'finished';
    setState('finished');
    showShare(1);
    figures.rest();
    showComparison({before, after});
    showKept(kept);
    heat?.explain(kept);
    files = own;
    showFiles(files);
    drawer.postMessage({run: record});
  },
  whatIf: ({whatIf}) => {
    heat?.byHand(whatIf.open);
    showWhatIf(whatIf);
    button('retrain').disabled = !whatIf.open.flat().includes(true);
  },
  failed: ({message}) => {
    showMessage(byId('run-error'), message);
    byId('run').hidden = false;
    setState(
      run === null ? 'idle' : run.stage === 'searching' || run.stage === 'retraining' ? 'interrupted' : run.stage,
    );
  },
  discarded: () => {
    run = null;
    byId('run').hidden = byId('result').hidden = true;
    setState('idle');
  },
};

searcher.onmessage = ({data}: MessageEvent<Report>) => (answers[data.type] as (report: Report) => void)(data);
drawer.onmessage = ({data}: MessageEvent<Drawn>) => {
  pictures.show(data.pictures);
  if (state === 'finished') retrained.show(data.retrained);
  if (data.html !== null && state === 'finished')
    showFiles((files = [...files, {name: 'report.html', bytes: data.html}]));
};

button('sample').addEventListener('click', () =>
  open({sample: new URL('flights.parquet', document.baseURI).href}, 'flights.parquet'),
);
byId<HTMLInputElement>('file').addEventListener('change', event => {
  const input = event.target as HTMLInputElement;
  const file = input.files?.[0];
  if (file !== undefined) open(file, file.name);
  // The same file may be chosen again, when it has been mended.
  input.value = '';
});
const drop = byId('drop');
for (const type of ['dragenter', 'dragover'] as const) {
  addEventListener(type, event => {
    event.preventDefault();
    drop.classList.add('over');
  });
}
addEventListener('dragleave', event => {
  if (event.relatedTarget === null) drop.classList.remove('over');
});
addEventListener('drop', event => {
  event.preventDefault();
  drop.classList.remove('over');
  const file = event.dataTransfer?.files[0];
  if (file !== undefined && !byId<HTMLInputElement>('file').disabled) open(file, file.name);
});
button('pause').addEventListener('click', () => ask({type: state === 'paused' ? 'resume' : 'pause'}));
button('stop').addEventListener('click', () => {
  setState('stopping');
  ask({type: 'stop'});
});
button('continue').addEventListener('click', () => {
  setState(run?.stage === 'searching' ? 'searching' : 'retraining');
  ask({type: 'continue'});
});
button('discard').addEventListener('click', () => ask({type: 'discard'}));
button('retrain').addEventListener('click', () => {
  clearModels();
  setState('retraining');
  ask({type: 'retrain'});
});
button('reset-gates').addEventListener('click', () => ask({type: 'resetGates'}));

if (import.meta.env.PROD && 'serviceWorker' in navigator) void navigator.serviceWorker.register('./service_worker.js');
