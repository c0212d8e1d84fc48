import type {FieldLayout} from '../../../layers/field_layout';
import type {IdTable} from './ridge_regression';

/** Compute what field f adds to the logit of each row under the weights of a linear model: [n]. */
export function fieldEffect(
  layout: FieldLayout,
  f: number,
  {ids, labels}: Pick<IdTable, 'ids' | 'labels'>,
  kernel: Float64Array,
): Float64Array {
  const {start, end} = layout.columnsOf(f);
  const {columns} = layout;
  const [first, isMean] = [layout.starts[f], layout.embedded[f].combiner === 'mean'];
  return new Float64Array(labels.length).map((_, i) => {
    let [sum, present] = [0, 0];
    for (let k = i * columns + start; k < i * columns + end; k++) {
      if (ids[k] < 0) continue;
      sum += kernel[first + ids[k]];
      present++;
    }
    return isMean && present > 0 ? sum / present : sum;
  });
}
