const SVG = 'http://www.w3.org/2000/svg';
const [BAR, HEIGHT] = [5, 22];

/** A small picture of how values are spread: a bar for each share, relative to the largest. */
export function histogram(shares: readonly number[]): SVGElement {
  const root = document.createElementNS(SVG, 'svg');
  const largest = Math.max(1e-9, ...shares);
  root.setAttribute('viewBox', `0 0 ${BAR * 16} ${HEIGHT}`);
  root.setAttribute('class', 'histogram');
  root.setAttribute('aria-hidden', 'true');
  const bars = document.createElementNS(SVG, 'path');
  bars.setAttribute(
    'd',
    shares
      .map((share, i) => {
        const height = share === 0 ? 0 : Math.max(1, Math.round((HEIGHT * share) / largest));
        return `M${i * BAR} ${HEIGHT}v${-height}h${BAR - 1}v${height}z`;
      })
      .join(''),
  );
  root.append(bars);
  return root;
}
