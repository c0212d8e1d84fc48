import {scaleDeclarations} from '../../examples/browser/scale';

/** WCAG's relative luminance. */
function luminance(color: string): number {
  const named: {[name: string]: number} = {black: 0, white: 1};
  if (color in named) return named[color];
  const [r, g, b] = [1, 3, 5].map(i => {
    const value = parseInt(color.slice(i, i + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

it.each(['light', 'dark'] as const)('%s: the text of each step of the scale has a contrast of 4.5 to 1', theme => {
  const colors = new Map(
    scaleDeclarations(theme)
      .split(';')
      .map(declaration => declaration.split(':') as [string, string]),
  );
  for (let step = 0; step <= 20; step++) {
    const [low, high] = [colors.get(`--scale${step}`)!, colors.get(`--onScale${step}`)!]
      .map(luminance)
      .sort((a, b) => a - b);
    expect((high + 0.05) / (low + 0.05)).toBeGreaterThanOrEqual(4.5);
  }
});
