import {colorDeclarations} from './theme';

/** The page's style sheet: both schemes, phones and paper. */
export const style = `
:root{color-scheme:light dark;${colorDeclarations('light')}}
@media screen and (prefers-color-scheme:dark){:root{${colorDeclarations('dark')}}}
*{box-sizing:border-box}
body{margin:0;background:var(--surface);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",
  Roboto,"DejaVu Sans",sans-serif}
main{max-width:1280px;margin:0 auto;padding:20px 20px 64px}
h1{font-size:1.1rem;font-weight:600;color:var(--muted);margin:0 0 10px}
h2{font-size:1.3rem;line-height:1.3;margin:52px 0 12px;padding-top:14px;border-top:1px solid var(--grid)}
.verdict{font-size:1.5rem;line-height:1.35;font-weight:600;margin:0 0 6px;max-width:none;text-wrap:pretty}
.next{max-width:none;margin:0 0 14px}
abbr{text-decoration:underline dotted var(--axis) 1px;text-underline-offset:4px;cursor:help}
p{margin:0 0 14px;max-width:68ch}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:1px;margin:0;
  border:1px solid var(--grid);border-radius:8px;overflow:hidden}
.facts div{box-shadow:0 0 0 1px var(--grid);padding:8px 12px;overflow-wrap:anywhere}
.facts dt{font-size:.85rem;color:var(--muted)}
.facts dd{margin:0;font-size:.92rem;line-height:1.4;font-variant-numeric:tabular-nums}
.overview{margin-top:18px}
.overview figcaption{font-size:.95rem}
.overview figure,.overview .scroll{margin:0 0 12px}
@media screen and (min-width:1280px){.overview{display:grid;grid-template-columns:1fr 1fr;gap:0 32px}
.overview>p{grid-column:1/-1}}
nav{margin:20px 0 0;font-size:.9rem}
nav ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:4px 18px}
a{color:var(--blue)}
.terms{display:grid;grid-template-columns:auto 1fr;gap:10px 20px;margin:0}
.terms dt{font-weight:600}
.terms dd{margin:0;max-width:68ch}
figure{margin:22px 0 26px}
figcaption{font-weight:600;margin-bottom:8px}
.grid{display:grid;grid-template-columns:repeat(auto-fill,352px);gap:0 24px}
.grid figure,.grid .scroll{margin:0 0 6px}
.scroll{overflow-x:auto}
.scroll:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
svg{display:block}
.narrow{display:none}
[data-tip]{cursor:default}
[data-tip]:hover{opacity:.75}
table{border-collapse:collapse;font-size:.92rem;font-variant-numeric:tabular-nums;min-width:100%}
caption{text-align:left;color:var(--muted);padding-bottom:8px;font-size:.92rem}
th{text-align:left;font-weight:600;border-bottom:2px solid var(--axis);padding:6px 14px 6px 0;vertical-align:bottom}
td{border-bottom:1px solid var(--grid);padding:6px 14px 6px 0;vertical-align:top}
td:last-child{overflow-wrap:anywhere}
td.number,th.number{text-align:right;overflow-wrap:normal}
td.number{white-space:nowrap}
.scroll{margin:0 0 22px}
summary{cursor:pointer;color:var(--blue);margin-bottom:12px}
h3{display:inline;font-size:1rem;margin:0}
#tip{position:fixed;z-index:9;max-width:min(320px,calc(100vw - 16px));background:var(--ink);color:var(--surface);
  padding:6px 10px;border-radius:6px;font-size:.88rem;pointer-events:none}
@media (max-width:767px){.wide{display:none}.narrow{display:block}}
@media (max-width:600px){
main{padding:10px 12px 48px}
.overview{margin-top:8px}
nav{display:none}
h1{font-size:.95rem;margin:0 0 6px}
h2{font-size:1.1rem;margin:12px 0 4px;padding-top:8px}
p,.next,.facts dd,.facts dt{font-size:.88rem;line-height:1.4}
p{margin:0 0 8px}
figure,.scroll{margin:0 0 8px}
figcaption{font-size:.88rem;margin-bottom:2px}
section>figure>figcaption{display:none}
table,caption{font-size:.82rem}
td,th{padding:3px 6px 3px 0}
.verdict{font-size:1.15rem;line-height:1.3}
.facts,.grid{display:block}
.facts div{display:flex;gap:10px;padding:3px 10px}
.facts dt{flex:0 0 6.8em}
.terms{display:block}
.terms dd{margin-bottom:10px}
td,td.number{overflow-wrap:anywhere}
.cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.cards,.cards caption,.cards tbody,.cards tr,.cards td{display:block}
.cards tr{border-bottom:1px solid var(--axis);padding:8px 0}
.cards td,.cards td.number{border:0;padding:2px 0;text-align:left;white-space:normal}
.cards td.number{display:inline-block;margin-right:16px}
.cards td[data-label]::before{content:attr(data-label) " ";color:var(--muted)}
.cards td.name{font-weight:600}
}
@media print{
:root{color-scheme:light}
main{max-width:none;padding:0}
body{font-size:11pt}
nav{display:none}
summary{color:var(--ink);list-style:none}
details::details-content{content-visibility:visible}
.wide{display:block}
.narrow{display:none}
svg{max-width:100%;height:auto}
.scroll{overflow:visible}
figure,tr,dl div{break-inside:avoid}
h2,figcaption,caption{break-after:avoid}
}
`.trim();

/** Shows the numbers behind a mark at once and under a finger; without it the browser shows them as a plain title. */
export const script = `
const tip = document.getElementById('tip');
for (const mark of document.querySelectorAll('[data-tip]')) {
  const title = mark.querySelector('title');
  mark.dataset.tip = title.textContent;
  title.remove();
}
const near = [[0, 0], [3, 0], [-3, 0], [0, 3], [0, -3]];
function show({clientX: x, clientY: y}) {
  let mark = null;
  for (const [dx, dy] of near) mark ??= document.elementFromPoint(x + dx, y + dy)?.closest('[data-tip]') ?? null;
  tip.hidden = mark === null;
  if (mark === null) return;
  tip.textContent = mark.dataset.tip;
  const box = tip.getBoundingClientRect();
  tip.style.left = Math.max(8, Math.min(x + 12, innerWidth - box.width - 8)) + 'px';
  tip.style.top = (y - box.height - 14 > 0 ? y - box.height - 14 : y + 18) + 'px';
}
for (const figure of document.querySelectorAll('figure')) {
  figure.addEventListener('pointermove', show);
  figure.addEventListener('pointerdown', show);
  figure.addEventListener('pointerleave', () => { tip.hidden = true; });
}
addEventListener('scroll', () => { tip.hidden = true; }, {passive: true});
addEventListener('keydown', event => { if (event.key === 'Escape') tip.hidden = true; });
`.trim();
