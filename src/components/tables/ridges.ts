import {canonicalCrosses} from '../../../layers/cross_dictionary';
import {checkChoice, checkNumber} from '../../checks';
import {invalidArgument} from '../../errors';
import type {Interaction} from '../../interactions';
import {type CoarseField, LEVELS} from './coarse_field';

/** A pair or a triple and the penalty of its table on each of some levels. */
export interface TableRidges {
  interaction: Interaction;
  tables: Array<{level: number; ridge: number}>;
}

/** The penalties of a GA2M, with which it is fitted to any rows; plain JSON. */
export interface Ga2mRidges {
  /** One for each field. */
  fields: readonly number[];
  /** Pairs, then triples, each in canonical order. */
  interactions: readonly TableRidges[];
}

/** Check that ridges are of these fields and of interactions that can have tables. */
export function checkRidges({fields, interactions}: Ga2mRidges, coarse: ReadonlyArray<CoarseField | null>): void {
  const where = 'Ga2m.of';
  if (fields.length !== coarse.length)
    throw invalidArgument(where, 'ridges.fields', `have ${coarse.length} numbers, one for each field`, fields);
  fields.forEach((ridge, f) => checkNumber(where, `ridges.fields[${f}]`, ridge, '(0, Infinity)'));
  const inOrder = canonicalCrosses(
    where,
    interactions.map(({interaction}) => interaction),
    coarse.length,
  );
  interactions.forEach(({interaction, tables}, p) => {
    const name = `ridges.interactions[${p}]`;
    if (`${interaction}` !== `${inOrder[p]}`)
      throw invalidArgument(where, name, 'follow its neighbours in ascending order, triples behind pairs', interaction);
    if (interaction.some(f => coarse[f] === null))
      throw invalidArgument(where, `${name}.interaction`, 'be of one-hot fields', interaction);
    if (tables[0]?.level !== 0) throw invalidArgument(where, `${name}.tables`, 'begin with that of level 0', tables);
    tables.forEach(({level, ridge}, t) => {
      checkChoice(where, `${name}.tables[${t}].level`, level, [...LEVELS.keys()]);
      checkNumber(where, `${name}.tables[${t}].ridge`, ridge, '(0, Infinity)');
    });
  });
}
