import sample from '../sample_result.json';
import {words} from '../strings';
import {byId, write} from './element';
import {GateBars} from './gate_bars';
import {GridMap} from './grid_map';
import {pairsOf} from './pairs';

/** The finished map of the sample, before there is a run: what the page is for, in one look. */
export function showSample(): void {
  const {fields, strength, larger, answer} = sample;
  const largest = Math.max(...strength, ...larger.map(({value}) => value));
  const pairs = pairsOf(fields.length);
  const name = (pair: number) => pairs[pair].map(field => fields[field]);
  const map = new GridMap(fields, {
    press: () => undefined,
    look: pair => [words.map.cell(name(pair)), ...(strength[pair] === 0 ? [words.map.closed] : [])],
  });
  map.paint({
    strength,
    largest,
    uncertain: [],
    pressable: [],
    label: pair => words.map.label(name(pair), strength[pair]),
  });
  const bars = new GateBars(words.map.larger, larger.length, {press: () => undefined, look: () => []});
  bars.paint(
    larger.map(set => ({...set, uncertain: false, pressable: false})),
    largest,
  );
  byId('sample-map').replaceChildren(map.root, bars.root);
  write(byId('sample-answer'), answer);
}
