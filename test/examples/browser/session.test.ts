import {load, replace} from '../../../examples/browser/worker/database';
import type {Control} from '../../../examples/browser/worker/live';
import {Session} from '../../../examples/browser/worker/session';
import {TabRun} from '../../../examples/browser/worker/tab_run';
import type {Report} from '../../../examples/browser/protocol';

jest.mock('../../../examples/browser/worker/database', () => ({load: jest.fn(), save: jest.fn(), replace: jest.fn()}));
jest.mock('../../../examples/browser/worker/read_file', () => ({readFile: async () => ({})}));
jest.mock('../../../examples/browser/worker/table_plan', () => ({
  ...jest.requireActual<object>('../../../examples/browser/worker/table_plan'),
  TablePlan: class {
    constructor(private readonly source: {name: string}) {}
    make() {
      return {view: {name: this.source.name}, dataset: null};
    }
  },
}));
jest.mock('../../../examples/browser/worker/tab_run', () => ({TabRun: {restore: jest.fn()}}));

const view = {data: 'a.csv', rows: 1000, settings: {effort: 'quick', seed: 1}, fields: []};

/** What a session tells that finds a saved run. */
async function begin(run: object): Promise<{session: Session; reports: Report[]}> {
  jest.mocked(load).mockResolvedValue({});
  jest.mocked(replace).mockResolvedValue();
  jest.mocked(TabRun.restore).mockReturnValue({view: () => view, ...run} as unknown as TabRun);
  const reports: Report[] = [];
  const session = new Session({threads: 1, tell: report => reports.push(report)}, null);
  await session.begin();
  return {session, reports};
}

const settled = () => new Promise(resolve => setTimeout(resolve, 20));

it('forgets a saved run that cannot be shown, and says so', async () => {
  const show = (tell: (report: Report) => void) => {
    tell({type: 'resumed'});
    throw new TypeError('kept is not iterable');
  };
  const {session, reports} = await begin({show});
  const notice = 'A saved run could not be restored and was deleted. (Kept is not iterable)';
  expect(reports).toEqual([{type: 'ready', saved: null, notice}]);
  expect(jest.mocked(replace).mock.calls).toEqual([[{}]]);
  session.answer({type: 'continue'});
  await settled();
  expect(reports).toHaveLength(1);
});

it('a run that is stopped before it begins does not begin', async () => {
  let answerRow: () => void = () => undefined;
  const trained = jest.fn();
  const {session, reports} = await begin({
    show: () => undefined,
    askRow: () => new Promise<void>(resolve => (answerRow = resolve)),
    select: async (control: Control) => {
      await control.wait();
      trained();
    },
  });
  session.answer({type: 'row', ids: null});
  session.answer({type: 'continue'});
  session.answer({type: 'stop'});
  await settled();
  answerRow();
  await settled();
  expect(trained).not.toHaveBeenCalled();
  expect(reports.slice(1)).toEqual([{type: 'interrupted'}]);
  session.answer({type: 'continue'});
  await settled();
  expect(trained).toHaveBeenCalledTimes(1);
});

it('shows no table that another file is to replace', async () => {
  const {session, reports} = await begin({show: () => undefined});
  for (const name of ['a.csv', 'b.csv']) session.answer({type: 'open', file: new File([], name), name, choices: null});
  await settled();
  expect(reports.slice(1)).toEqual([{type: 'table', table: {name: 'b.csv'}}]);
});
