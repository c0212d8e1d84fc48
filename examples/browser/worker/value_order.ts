import {FIRST} from '../../../src/schema/rules/rule';
import {MONTHS, WEEKDAYS} from '../../../src/schema/calendar';

const collator = new Intl.Collator('en', {numeric: true});

/** Put ids in the order of time or of numbers where all of their names have one; else leave them as they are. */
export function inOrder(ids: readonly number[], names: readonly string[]): number[] {
  const named = ids.filter(id => id >= FIRST);
  const others = ids.filter(id => id < FIRST);
  const times = new Map(named.map(id => [id, timeOf(names[id])]));
  if (![...times.values()].includes(-1)) return [...named.sort((a, b) => times.get(a)! - times.get(b)!), ...others];
  const isNumeric = named.every(id => /^\D?\d/.test(names[id]));
  return isNumeric ? [...named.sort((a, b) => collator.compare(names[a], names[b])), ...others] : [...ids];
}

/** The position in a week or a year of a weekday, a month or a day such as "4 July"; -1 for another text. */
function timeOf(name: string): number {
  const [, day = '0', month] = /^(?:(\d{1,2}) )?(\w+)$/.exec(name) ?? [];
  const at = MONTHS.indexOf(month);
  return at < 0 ? WEEKDAYS.indexOf(name) : 32 * at + Number(day);
}
