import type {InteractionRecord} from '../../record/run_record';
import {colors} from '../theme';
import type {LegendItem} from './legend';

/** Paths that a picture has at most: those of the strongest interactions. */
export const MOST_PATHS = 120;
/** Paths with a colour and a name of their own. */
export const NAMED = [colors.blue, colors.vermilion, colors.green, colors.purple, colors.gold, colors.teal];

/** The legend's entry of the i-th named path. */
export function pathItem({fields}: InteractionRecord, i: number): LegendItem {
  return {label: fields.join(' × '), color: NAMED[i], mark: 'line'};
}

/** The legend's entry of all paths without a name. */
export const othersItem: LegendItem = {label: 'others', color: colors.quiet, mark: 'line'};

/** The line of a path: thick in its colour, thin and grey without one. */
export function pathStyle(color: string | undefined): object {
  return {stroke: color ?? colors.quiet, lineWidth: color === undefined ? 1.2 : 2.4};
}
