import type {RunRecord} from '../../record/run_record';
import {Block, paragraph} from '../blocks';
import {say, type Text} from '../text';
import {figuresOf, pointerKey} from '../figures';

/** Rows and fields, and what was assumed of the table. */
export function dataBlocks(run: RunRecord): Block[] {
  const f = figuresOf(run);
  const lists = run.data.fields.some(({width}) => width > 1);
  const fields: Block = {
    type: 'table',
    caption: say`Fields, and how many ids each has: one for each value or bin, one where it is missing and, of values,
      one for all that training rows lack`,
    head: ['Field', 'Ids', ...(lists ? ['Values per row, at most'] : [])],
    rows: run.data.fields.map((_, i) => [
      [f(`/data/fields/${i}/name`)],
      [f(`/data/fields/${i}/size`, 'count')],
      ...(lists ? [[f(`/data/fields/${i}/width`, 'count')]] : []),
    ]),
  };
  return [
    ...(run.data.source === null
      ? []
      : [paragraph(say`Source: ${f('/data/source')}. A positive row is ${f('/positive')}.`)]),
    {
      type: 'table',
      caption: say`Rows`,
      head: ['Part', 'Rows', 'Positive', 'Share'],
      rows: run.data.parts.map((_, i) => [
        [f(`/data/parts/${i}/name`)],
        [f(`/data/parts/${i}/rows`, 'count')],
        [f(`/data/parts/${i}/positives`, 'count')],
        [f(`/data/parts/${i}/rate`, 'percent')],
      ]),
    },
    fields,
    ...(run.data.assumptions.length === 0 ? [] : [assumptionTable(run)]),
  ];
}

/** List the assumptions about the table, each with the flag that requests the alternative. */
function assumptionTable(run: RunRecord): Block {
  const f = figuresOf(run);
  return {
    type: 'table',
    cards: true,
    caption: say`What was assumed of the table, and the flag that asks for the alternative`,
    head: ['Column', 'Read as', 'Why', 'Alternative', 'Flag'],
    rows: run.data.assumptions.map(({column}, i): Text[] => {
      const at = `/data/assumptions/${i}`;
      return [
        column === null ? ['(rows)'] : [f(`${at}/column`)],
        [f(`${at}/reading`)],
        [f(`${at}/why`)],
        [f(`${at}/alternative`)],
        [f(`${at}/flag`)],
      ];
    }),
  };
}

/** Settings of the run. */
export function settingBlocks(run: RunRecord): Block[] {
  const f = figuresOf(run);
  const row = (name: string, path: string): Text[] => [[name], [f(path)]];
  return [
    {
      type: 'table',
      caption: say`Settings of the run`,
      head: ['Setting', 'Value'],
      rows: [
        row('command', '/command'),
        row('seed', '/seed'),
        row('backend', '/backend'),
        row('ended', '/created'),
        ...Object.keys(run.settings).map(key => row(key, `/settings/${pointerKey(key)}`)),
        ...Object.keys(run.versions).map(key => row(`version of ${key}`, `/versions/${pointerKey(key)}`)),
      ],
    },
  ];
}
