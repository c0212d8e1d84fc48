import type {Drawn, Progress, Report, Request, RunView} from './protocol';
import {words} from './strings';
import {byId, make, showMessage, write} from './view/element';
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
let files: Array<{name: string, bytes: Uint8Array | string}> = [];
let ready = false, canStart = false;

const searcher = new Worker(new URL('./worker/worker.ts', import.meta.url), {type: 'module'});
const drawer = new Worker(new URL('./draw/draw_worker.ts', import.meta.url), {type: 'module'});
const between = new MessageChannel();
searcher.postMessage({pictures: between.port1}, [between.port1]);
drawer.postMessage({pictures: between.port2}, [between.port2]);

const pictures = new Pictures(byId('pictures'));
const form = new SettingsForm(settings => {
  if (canStart) ask({type: 'start', settings});
});
const button = (id: string) => byId<HTMLButtonElement>(id);

function ask(request: Request): void {
  searcher.postMessage(request);
}

function setState(next: State): void {
  state = next;
  const running = ['searching', 'retraining', 'paused'].includes(next);
  button('start').disabled = !ready || !canStart || running || next === 'stopping';
  button('pause').hidden = button('stop').hidden = !running && next !== 'stopping';
  button('pause').disabled = button('stop').disabled = next === 'stopping';
  button('stop').hidden ||= run !== null && run.stage !== 'searching';
  write(button('pause'), next === 'paused' ? 'Resume' : 'Pause');
  button('continue').hidden = next !== 'interrupted';
  button('discard').hidden = !['interrupted', 'searched', 'finished'].includes(next);
  button('retrain').disabled = running || next === 'stopping';
  for (const control of [button('sample'), byId<HTMLInputElement>('file')]) control.disabled = running || next === 'stopping';
  write(byId('run-status'), next === 'idle' ? '' : words.run.status[next]);
}

function open(file: File | {sample: string}, name: string): void {
  showMessage(byId('data-error'), null);
  byId('table').hidden = true;
  canStart = false;
  setState(state);
  write(byId('data-status'), words.data.reading(0));
  ask({type: 'open', file, name});
}

function showRun(view: RunView): void {
  run = view;
  byId('run').hidden = false;
  byId('result').hidden = true;
  showMessage(byId('run-error'), null);
  write(byId('run-saved'), '');
  files = [];
  showFiles([]);
  byId('comparison').replaceChildren();
  heat = new HeatMap(byId('heat'), view.gates, (gate, interaction, isOpen) => {
    if (state === 'searched' || state === 'finished') ask({type: 'gate', gate, interaction, open: isOpen});
  });
  heat.update(view.gates.map(({interactions}) => interactions.map(() => 0.6)), view.gates.map(({interactions}) => interactions.map(() => null)));
  pictures.clear();
  drawer.postMessage({width: byId('pictures').clientWidth});
  showFigures(null);
}

function showFigures(progress: Progress | null): void {
  const {figures, numbers, open: openWords, seconds} = {...words, ...words.run};
  const alpha = progress?.alpha.flat() ?? [], number = (value: number | null | undefined, digits: number) => value == null ? '–' : value.toFixed(digits);
  const values: Array<[string, string]> = [
    [figures.step, progress === null ? '–' : `${numbers.count(progress.step)} of ${numbers.count(progress.steps)}`],
    [figures.gates, progress === null ? '–' : openWords(alpha.filter(a => a !== 0).length, alpha.length)],
    [figures.threshold, number(progress?.threshold, 3)], [figures.loss, number(progress?.loss, 4)], [figures.auc, number(progress?.auc, 4)],
    [figures.speed, progress === null || progress.stepsPerSecond === 0 ? '–' : progress.stepsPerSecond.toFixed(0)],
    [figures.left, progress === null ? '–' : seconds(progress.secondsLeft)],
  ];
  const root = byId('figures');
  if (root.children.length === 0) root.append(...values.map(([name]) => make('div', {}, make('dt', {}, name), make('dd'))));
  values.forEach(([, text], i) => write(root.children[i].children[1], text));
  byId<HTMLProgressElement>('run-progress').value = progress === null ? 0 : progress.step / progress.steps;
}

function showResult(): void {
  byId('result').hidden = false;
}

const answers: {[K in Report['type']]: (report: Extract<Report, {type: K}>) => void} = {
  ready: ({saved}) => {
    ready = true;
    document.documentElement.dataset.ready = 'true';
    setState('idle');
    if (saved === null) return;
    form.set(saved.settings);
    showRun(saved);
    setState(saved.stage === 'searching' ? 'interrupted' : saved.stage);
    if (saved.stage === 'searching') write(byId('run-saved'), words.run.waiting(saved.data, saved.savedPasses, saved.settings.passes));
  },
  reading: ({share}) => write(byId('data-status'), words.data.reading(share)),
  table: ({table}) => {
    write(byId('data-status'), words.data.summary(table));
    showMessage(byId('data-error'), table.obstacle);
    showTable(byId('table'), table, (label, uses) => ask({type: 'plan', label, uses}));
    canStart = table.obstacle === null;
    setState(state);
  },
  refused: ({message}) => {
    write(byId('data-status'), '');
    showMessage(byId('data-error'), message);
  },
  run: ({run: view}) => {
    showRun(view);
    setState('searching');
    byId('run-title').focus();
  },
  progress: ({progress}) => {
    heat?.update(progress.alpha, progress.closedAt);
    showFigures(progress);
  },
  pass: ({pass, saved}) => {
    if (run === null || state === 'interrupted') return;
    write(byId('run-saved'), saved ? words.run.saved(pass, run.settings.passes) : words.run.notSavedPass);
  },
  paused: () => setState('paused'),
  resumed: () => setState(run?.stage === 'searching' ? 'searching' : 'retraining'),
  searched: ({kept, stoppedAt, warnings, whatIf}) => {
    run!.stage = 'searched';
    setState('searched');
    showWarnings([...stoppedAt === null ? [] : [words.run.stopped(stoppedAt, run!.steps)], ...warnings]);
    showKept(kept);
    heat?.explain(kept);
    heat?.byHand(whatIf.open);
    showWhatIf(whatIf.searched, whatIf.now);
    button('retrain').disabled = kept.length === 0;
    showResult();
  },
  retraining: ({model, step, steps}) => {
    if (state !== 'paused') setState('retraining');
    write(byId('run-saved'), words.run.retraining[model]);
    byId<HTMLProgressElement>('run-progress').value = ((model === 'before' ? 1 : 0) + step / steps) / 2;
  },
  finished: ({before, after, run: record, files: own}) => {
    run!.stage = 'finished';
    setState('finished');
    byId<HTMLProgressElement>('run-progress').value = 1;
    write(byId('run-saved'), '');
    showComparison(before, after);
    files = own;
    showFiles(files);
    drawer.postMessage({run: record});
  },
  whatIf: ({whatIf}) => {
    heat?.byHand(whatIf.open);
    showWhatIf(whatIf.searched, whatIf.now);
    button('reset-gates').disabled = false;
    button('retrain').disabled = !whatIf.open.flat().includes(true);
  },
  failed: ({message}) => {
    showMessage(byId('run-error'), message);
    byId('run').hidden = false;
    if (run !== null) setState(run.stage === 'searching' ? 'interrupted' : run.stage);
  },
  discarded: () => {
    run = null;
    byId('run').hidden = byId('result').hidden = true;
    setState('idle');
  },
};

searcher.onmessage = ({data}: MessageEvent<Report>) => (answers[data.type] as (report: Report) => void)(data);
drawer.onmessage = ({data}: MessageEvent<Drawn>) => {
  pictures.show(data);
  if (data.html !== null) showFiles(files = [...files, {name: 'report.html', bytes: data.html}]);
};

button('sample').addEventListener('click', () => open({sample: new URL('flights.parquet', document.baseURI).href}, 'flights.parquet'));
byId<HTMLInputElement>('file').addEventListener('change', event => {
  const input = event.target as HTMLInputElement, file = input.files?.[0];
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
addEventListener('dragleave', event => { if (event.relatedTarget === null) drop.classList.remove('over'); });
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
  setState('searching');
  ask({type: 'continue'});
});
button('discard').addEventListener('click', () => ask({type: 'discard'}));
button('retrain').addEventListener('click', () => ask({type: 'retrain'}));
button('reset-gates').addEventListener('click', () => {
  button('reset-gates').disabled = true;
  ask({type: 'resetGates'});
});

if (import.meta.env.PROD && 'serviceWorker' in navigator) void navigator.serviceWorker.register('./service_worker.js');
