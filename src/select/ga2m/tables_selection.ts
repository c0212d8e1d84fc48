import {FieldLayout, type FieldSpec} from '../../../layers/field_layout';
import {selectInteractions, type Selection} from '../../stages/selection';
import type {Gates} from '../fit_gates';
import {Interacting, interactionsOf} from '../../components/interacting_fields';
import type {Ga2mRidges, LightRidges} from '../../components/tables/ridges';

/** All pairs of the interacting fields, and the triples that have tables: of all triples there may be too many. */
export function universeOf(
  fields: readonly FieldSpec[],
  {interactions}: Ga2mRidges,
  interacting?: Interacting,
): Selection {
  const {embedded} = new FieldLayout('autoSelect', fields);
  const fieldNames = embedded.map(({name}) => name);
  const triples = interactions.map(({interaction}) => interaction).filter(({length}) => length === 3);
  return selectInteractions(
    ([2, 3] as const).map(order => {
      const own = order === 2 ? interactionsOf(embedded, 2, interacting) : triples;
      return {interactions: own, order, fieldNames, alpha: own.map(() => 1)};
    }),
  );
}

/** The interactions that have tables, of all in their order. */
export function withTables(all: Selection, {interactions}: Ga2mRidges): Selection {
  const own = new Set(interactions.map(({interaction}) => `${interaction}`));
  return all.filter(({interaction}) => own.has(`${interaction}`));
}

export function someOf(ridges: LightRidges, selection: Selection): LightRidges {
  const kept = new Set(selection.map(({interaction}) => `${interaction}`));
  return {...ridges, interactions: ridges.interactions.filter(({interaction}) => kept.has(`${interaction}`))};
}

/** Gates of some interactions as those of all: one that has no tables is closed everywhere. */
export function ofAll(gates: Gates, own: Selection, all: Selection): Gates {
  const places = all.map(selected => own.indexOf(selected));
  const spread = <T>(values: readonly T[], closed: (at: number) => T): T[] =>
    places.map((place, at) => (place < 0 ? closed(at) : values[place]));
  const {samples} = gates.sets[0].interactions[0].stability;
  return {
    ...gates,
    path: gates.path.map(point => ({...point, alpha: spread(point.alpha, () => 0)})),
    sets: gates.sets.map(({point, interactions}) => ({
      point,
      interactions: spread(interactions, at => {
        const {fields, gate, order, interaction} = all[at];
        const [stability, held] = [
          {kept: 0, samples},
          {gain: 0, standardError: 0},
        ];
        return {fields, gate, order, interaction, alpha: 0, stability, held, kept: false};
      }),
    })),
  };
}
