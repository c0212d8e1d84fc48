import {type Explanation, type LogitShare, shareText} from '../../bundle/explanation';

/** Match texts in which a reader would see the end of a name or a value, or another line. */
const ENDS = /[=;"\p{Cc}]|^\s|\s$|\sx(\s|$)|:(\s|$)/u;

/** Write shares as one text, such as "origin=JFK x hour=7: +0.41; carrier=AA: -0.20". */
export function reasonsText(shares: readonly LogitShare[]): string {
  return shares
    .map(({fields, values, share}) => {
      const parts = fields.map((field, i) => `${quoted(field)}=${quoted(values[i])}`);
      return `${parts.join(' x ')}: ${shareText(share)}`;
    })
    .join('; ');
}

/** A row's explanation for programs. */
export function reasonsRecord({probability, intercept, shares}: Explanation) {
  return {
    probability,
    base: intercept,
    reasons: shares.map(({fields, values, share}) => ({fields, values, share})),
  };
}

const quoted = (text: string) => (ENDS.test(text) ? JSON.stringify(text) : text);
