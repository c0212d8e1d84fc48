import {fromFragment, isOf, type Link, SAMPLE, toFragment} from './link';
import type {DrawnFiles, Finished, NamedFile, Report, Request, RunView} from './protocol';
import {words} from './strings';
import {clearCharts, showPath, showSteps} from './view/charts_view';
import {EffectPanel} from './view/effect_view';
import {byId, make, showMessage, write} from './view/element';
import {MapView} from './view/map_view';
import {pictureOf} from './view/picture';
import {showFiles, showSelected, showVerdict} from './view/result_view';
import {RowForm} from './view/row_view';
import {rest, showProgress, showSummary} from './view/run_view';
import {showSample} from './view/sample_view';
import {SettingsForm} from './view/settings_form';
import {TableForm} from './view/table_view';

type State = keyof typeof words.run.status | 'idle';

let state: State = 'idle';
let map: MapView | null = null;
let run: RunView | null = null;
let result: Finished | null = null;
/** The link by which the page was opened, until what it shows is there. */
let link: Link | null = null;
let ready = false;
let canStart = false;
/** The state before data was asked for that starts at once: the sample, or what a link shows; else null. */
let before: State | null = null;

const searcher = new Worker(new URL('./worker/worker.ts', import.meta.url), {type: 'module'});
// A worker that runs out of memory says nothing but this.
searcher.onerror = () => showMessage(byId('data-error'), words.page.crashed);

const form = new SettingsForm(
  settings => {
    if (!canStart) return;
    setState('starting');
    ask({type: 'start', settings});
  },
  settings => {
    write(byId('estimate'), '');
    if (canStart) ask({type: 'estimate', settings});
  },
);
const effects = new EffectPanel(byId('effect'), (own, at) => ask({type: 'effect', fields: own, at}));
const row = new RowForm(byId('row'), ids => ask({type: 'row', ids}));
const table = new TableForm(byId('table'), decisions => ask({type: 'plan', decisions}));
const button = (id: string) => byId<HTMLButtonElement>(id);

function ask(request: Request): void {
  searcher.postMessage(request);
}

function setState(next: State): void {
  state = next;
  const running = ['starting', 'running', 'paused'].includes(next);
  const busy = running || next === 'stopping';
  document.body.dataset.state = next;
  button('start').disabled = !ready || !canStart || busy;
  button('pause').hidden = button('stop').hidden = !busy;
  button('pause').disabled = button('stop').disabled = next === 'stopping';
  write(button('pause'), next === 'paused' ? words.run.resume : words.run.pause);
  button('continue').hidden = next !== 'interrupted';
  button('discard').hidden = !['interrupted', 'finished'].includes(next);
  for (const control of [button('sample'), byId<HTMLInputElement>('file')]) control.disabled = busy;
  button('change').disabled = busy;
  write(byId('run-status'), next === 'idle' ? '' : words.run.status[next]);
}

/** Folds data and settings to a line, or unfolds them. */
function fold(folded: boolean): void {
  button('change').hidden = !folded;
  for (const id of ['data', 'setup', 'table']) byId(id).classList.toggle('folded', folded);
}

function open(file: File | {sample: string}, name: string): void {
  for (const id of ['data-notice', 'data-error']) showMessage(byId(id), null);
  // An earlier table stays where it is, so that nothing jumps, but is not to be used any more.
  for (const id of ['table', 'setup']) byId(id).inert = true;
  canStart = false;
  const isSample = !(file instanceof File);
  if (link?.isSample !== isSample || link.data !== name) link = null;
  if (link !== null) form.set(link.settings);
  before = isSample || link !== null ? state : null;
  table.begin();
  fold(false);
  setState(before === null ? state : 'starting');
  write(byId('data-status'), words.data.reading(0));
  ask({type: 'open', file, name, choices: link?.choices ?? null});
}

function openSample(): void {
  open({sample: new URL(SAMPLE, document.baseURI).href}, SAMPLE);
}

function showRun(view: RunView): void {
  showSummary(view);
  fold(true);
  hasTable(canStart);
  byId('run').hidden = false;
  byId('verdict').hidden = true;
  for (const id of ['run-error', 'run-notice']) showMessage(byId(id), null);
  write(byId('run-saved'), '');
  byId('kept').replaceChildren();
  showFiles([]);
  clearCharts();
  rest(0);
  run = view;
  effects.clear();
  row.clear();
  map = new MapView(byId('map'), view.fields, {
    toggle: (interaction, isOpen) => ask({type: 'gate', interaction, open: isOpen}),
    look: (own, lines) => effects.look(own, lines),
  });
}

/** Shows what a link shows of a finished run. */
function restore({seen: {fields, at, closed, isDetailed}}: Link): void {
  const lines = map!.select(fields);
  if (lines === null) showMessage(byId('run-notice'), words.link.other);
  else effects.look(fields, lines, at);
  for (const interaction of closed) ask({type: 'gate', interaction, open: false});
  byId<HTMLDetailsElement>('details').open = isDetailed;
}

/** Copies a link that shows the run as it is seen now. */
async function copyLink(): Promise<void> {
  const isDetailed = byId<HTMLDetailsElement>('details').open;
  const seen = {...effects.shown, closed: map!.closed, row: row.tried, isDetailed};
  history.replaceState(null, '', `#${toFragment({...run!, seen})}`);
  const {copied, notCopied} = words.link;
  const isCopied = navigator.clipboard.writeText(location.href).then(
    () => true,
    () => false,
  );
  write(byId('share-status'), (await isCopied) ? copied : notCopied);
}

/** Downloads a picture of the run, named after its data. */
async function savePicture(): Promise<void> {
  const picture = await pictureOf(result!, run!);
  const anchor = make('a', {download: `${run!.data.replace(/\..*$/, '')}.png`, href: URL.createObjectURL(picture!)});
  anchor.click();
  URL.revokeObjectURL(anchor.href);
}

/** What comes after the choice of data takes the place of the example when there is a table, and not before. */
function hasTable(has: boolean): void {
  byId('hero').hidden = true;
  for (const id of ['table', 'setup']) {
    byId(id).hidden = !has;
    byId(id).inert = false;
  }
}

/** The report and the archive are written beside the page, by a worker that is loaded for that. */
function writeReport(files: readonly NamedFile[]): void {
  const writer = new Worker(new URL('./draw/draw_worker.ts', import.meta.url), {type: 'module'});
  writer.onmessage = ({data: {report, bundle}}: MessageEvent<DrawnFiles>) => {
    writer.terminate();
    if (state === 'finished') showFiles([report, bundle, ...files]);
  };
  writer.onerror = () => showMessage(byId('run-error'), words.page.crashed);
  writer.postMessage(files);
}

const answers: {[K in Report['type']]: (report: Extract<Report, {type: K}>) => void} = {
  ready: ({saved, notice}) => {
    ready = true;
    setState('idle');
    const linked = fromFragment(location.hash);
    link = linked?.link ?? null;
    const settings = saved?.settings ?? link?.settings;
    if (settings !== undefined) form.set(settings);
    if (saved !== null) showRun(saved);
    const wrong = linked === null || linked.wrong.length === 0 ? null : words.link.wrong(linked.wrong);
    const waits = link === null || (saved !== null && isOf(link, saved)) ? null : words.link.waits(link);
    if (saved !== null) showMessage(byId('run-notice'), wrong ?? waits ?? notice);
    else {
      showMessage(byId('data-notice'), wrong ?? notice);
      if (link?.isSample === true && wrong === null) openSample();
      else write(byId('data-status'), waits ?? '');
    }
    document.documentElement.dataset.ready = 'true';
  },
  notice: ({message}) => showMessage(byId('run-notice'), message),
  reading: ({share}) => write(byId('data-status'), words.data.reading(share)),
  table: ({table: view}) => {
    write(byId('data-status'), words.data.summary(view));
    write(byId('read-as'), words.data.readAs(view));
    write(byId('estimate'), '');
    showMessage(byId('data-error'), view.obstacle);
    table.show(view);
    canStart = view.obstacle === null;
    // The map of the sample stays until that of the run takes its place.
    if (before !== null && canStart) return form.start();
    hasTable(true);
    setState(before ?? state);
    if (canStart) ask({type: 'estimate', settings: form.get()});
  },
  estimate: ({estimate}) => write(byId('estimate'), words.settings.estimate(estimate)),
  refused: ({message}) => {
    write(byId('data-status'), '');
    showMessage(byId('data-error'), message);
    hasTable(false);
    setState(before ?? state);
  },
  run: ({run: view}) => {
    if (link !== null && !isOf(link, view)) link = null;
    if (link === null) history.replaceState(null, '', location.pathname);
    showRun(view);
    setState('running');
    byId('run-title').focus();
    byId('run').scrollIntoView();
  },
  progress: ({progress}) => showProgress(progress),
  spread: ({spread}) => map?.learn(spread),
  trace: ({trace}) => showSteps(trace),
  decided: ({decided}) => {
    showPath(decided);
    map?.decide(decided);
  },
  saved: ({saved}) => {
    write(byId('run-saved'), saved ? words.run.saved : '');
    // One that is there says why.
    if (!saved && byId('run-notice').hidden) showMessage(byId('run-notice'), words.run.notSaved);
  },
  interrupted: () => {
    setState('interrupted');
    rest(byId<HTMLProgressElement>('run-progress').value);
    write(byId('run-saved'), words.run.interrupted);
  },
  paused: () => setState('paused'),
  resumed: () => setState('running'),
  finished: ({finished, effect}) => {
    const live = state === 'running';
    setState('finished');
    rest(1);
    write(byId('run-saved'), '');
    result = finished;
    showVerdict(finished);
    showSelected(finished, run!.fields);
    map!.finish(finished);
    effects.begin(effect, map!.select(effect.fields)!, run!.fields);
    const shown = link !== null && isOf(link, run!) ? link : null;
    row.begin(shown?.seen.row ?? null);
    if (shown !== null) restore(shown);
    link = shown === null ? link : null;
    writeReport(finished.files);
    if (!live) return;
    byId('answer').focus({preventScroll: true});
    const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth';
    requestAnimationFrame(() => byId('run').scrollIntoView({behavior}));
  },
  whatIf: ({whatIf}) => {
    map?.byHand(whatIf);
    button('undo-gate').disabled = !whatIf.undoable;
    button('reset-gates').disabled = !whatIf.changed;
  },
  effect: ({view}) => effects.show(view, run!.fields),
  row: ({view}) => row.show(view, run!.fields),
  failed: ({message}) => {
    showMessage(byId('run-error'), message);
    byId('run').hidden = false;
    setState('interrupted');
  },
  discarded: () => {
    history.replaceState(null, '', location.pathname);
    map = null;
    byId('run').hidden = true;
    byId('hero').hidden = canStart;
    fold(false);
    setState('idle');
  },
};

searcher.onmessage = ({data}: MessageEvent<Report>) => (answers[data.type] as (report: Report) => void)(data);

showSample();
button('sample').addEventListener('click', openSample);
button('link').addEventListener('click', () => void copyLink());
button('picture').addEventListener('click', () => void savePicture());
// Another link in the same tab.
addEventListener('hashchange', () => {
  if (fromFragment(location.hash) !== null) location.reload();
});
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
button('change').addEventListener('click', () => {
  fold(false);
  byId('data').focus();
});
button('pause').addEventListener('click', () => ask({type: state === 'paused' ? 'resume' : 'pause'}));
button('stop').addEventListener('click', () => {
  setState('stopping');
  ask({type: 'stop'});
});
button('continue').addEventListener('click', () => {
  setState('running');
  ask({type: 'continue'});
});
const asking = byId<HTMLDialogElement>('forget');
button('discard').addEventListener('click', () => asking.showModal());
asking.addEventListener('close', () => {
  if (asking.returnValue === 'yes') ask({type: 'discard'});
});
button('undo-gate').addEventListener('click', () => ask({type: 'undoGate'}));
button('reset-gates').addEventListener('click', () => ask({type: 'resetGates'}));

if (import.meta.env.PROD && 'serviceWorker' in navigator) void navigator.serviceWorker.register('./service_worker.js');
