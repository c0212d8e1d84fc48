import type {RunRecord} from '../record/run_record';
import {sha256} from '../schema/sha256';
import {drawSvg, EchartsModule} from './chart';
import type {Block} from './blocks';
import {contentOf} from './content';
import type {Picture} from './pictures/pictures';
import {script, style} from './style';
import {escapeHtml, Text, toHtml, toPlain} from './text';
import {withVariables} from './theme';

/** Widths that pictures are drawn in: a half and a third of a wide page, the page's column, and a phone's. */
const HALF = 600;
const THIRD = 352;
export const WIDE = 720;
const NARROW = 336;

/** Content security policy of the report: only its inline style sheet and script may load. */
const policy = [
  "default-src 'none'",
  `style-src ${sourceOf(style)}`,
  `script-src ${sourceOf(script)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * Write the report of a run as one self-contained HTML page: no network, no script for its content.
 *
 * @param echarts The module `echarts`, which draws the pictures.
 * @example
 * const html = htmlReport(run, await import('echarts'));
 */
export function htmlReport(run: RunRecord, echarts: EchartsModule): string {
  const {title, verdict, next, facts, overview, sections} = contentOf(run);
  const blocks = (list: readonly Block[], width = WIDE) =>
    list.map(block => blockHtml(block, echarts, width)).join('\n');
  const links = sections.map(({id, title: name}) => `<li><a href="#${id}">${escapeHtml(name)}</a></li>`).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(toPlain(title))}</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<h1>${toHtml(title)}</h1>
<p class="verdict">${toHtml(verdict)}</p>
<p class="next">${toHtml(next)}</p>
<dl class="facts">${facts.map(([name, text]) => `<div><dt>${name}</dt><dd>${toHtml(text)}</dd></div>`).join('')}</dl>
</header>
<div class="overview">
${blocks(overview, HALF)}
</div>
<nav aria-label="Sections"><ul>${links}</ul></nav>
${sections
  .map(
    section => `<section aria-labelledby="${section.id}">
<h2 id="${section.id}">${escapeHtml(section.title)}</h2>
${blocks(section.blocks)}
</section>`,
  )
  .join('\n')}
</main>
<div id="tip" hidden aria-hidden="true"></div>
<script>${script}</script>
</body>
</html>
`;
}

/** The source of an inline text in the page's policy: its hash. */
function sourceOf(text: string): string {
  const bytes = sha256([text])
    .match(/../g)!
    .map(hex => parseInt(hex, 16));
  return `'sha256-${btoa(String.fromCharCode(...bytes))}'`;
}

function blockHtml(block: Block, echarts: EchartsModule, width: number): string {
  switch (block.type) {
    case 'text':
      return `<p>${toHtml(block.text)}</p>`;
    case 'picture':
      return pictureHtml(block.picture, echarts, width);
    case 'grid':
      return `<div class="grid">${block.pictures.map(picture => pictureHtml(picture, echarts, THIRD)).join('')}</div>`;
    case 'terms': {
      const terms = block.terms.map(([term, text]) => `<dt>${term}</dt><dd>${toHtml(text)}</dd>`);
      return `<dl class="terms">${terms.join('\n')}</dl>`;
    }
    case 'fold': {
      const folded = block.blocks.map(inner => blockHtml(inner, echarts, width));
      return `<details><summary><h3>${escapeHtml(block.title)}</h3></summary>\n${folded.join('\n')}\n</details>`;
    }
    case 'table':
      return tableHtml(block);
  }
}

function pictureHtml(picture: Picture, echarts: EchartsModule, wide: number): string {
  const {name, title} = picture;
  const drawing = (kind: 'wide' | 'narrow', width: number) => {
    const chart = picture.draw(width);
    // A region that scrolls must be within the keyboard's reach.
    const scrolls = chart.width > width ? ` tabindex="0" role="region" aria-label="${escapeHtml(title)}"` : '';
    const svg = withVariables(drawSvg(echarts, `${name}-${kind}`, picture, chart));
    return `<div class="${kind} scroll"${scrolls}>${svg}</div>`;
  };
  return (
    `<figure id="picture-${name}"><figcaption>${escapeHtml(title)}</figcaption>` +
    `${drawing('wide', wide)}${drawing('narrow', NARROW)}</figure>`
  );
}

function tableHtml({caption, head, rows, cards}: Block & {type: 'table'}): string {
  const numeric = head.map((_, c) => c > 0 && rows.length > 0 && rows.every(row => isNumber(row[c])));
  // The roles keep what CSS takes away where rows become cards.
  const role = (name: string) => (cards ? ` role="${name}"` : '');
  const cell = (content: Text, c: number) => {
    const classes = [numeric[c] ? 'number' : '', cards && c === 0 ? 'name' : ''].filter(Boolean).join(' ');
    const label = cards && c > 0 ? ` data-label="${escapeHtml(head[c])}"` : '';
    return `<td${role('cell')}${classes === '' ? '' : ` class="${classes}"`}${label}>${toHtml(content)}</td>`;
  };
  const heads = head.map((name, c) => {
    const side = numeric[c] ? ' class="number"' : '';
    return `<th scope="col"${role('columnheader')}${side}>${escapeHtml(name)}</th>`;
  });
  const label = escapeHtml(toPlain(caption));
  const kind = cards ? ' class="cards" role="table"' : '';
  return `<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table${kind}>
<caption>${toHtml(caption)}</caption>
<thead${role('rowgroup')}><tr${role('row')}>${heads.join('')}</tr></thead>
<tbody${role('rowgroup')}>
${rows.map(row => `<tr${role('row')}>${row.map(cell).join('')}</tr>`).join('\n')}
</tbody>
</table></div>`;
}

/** Tell whether a cell contains a number, or is the dash of an absent value. */
function isNumber(text: Text): boolean {
  return (
    text.some(part => typeof part !== 'string' && 'value' in part && typeof part.value === 'number') ||
    toPlain(text) === '–'
  );
}
