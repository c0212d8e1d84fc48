/** Steps of the scale on each side of zero. */
const SCALE_STEPS = 10;

/**
 * Blue for negative, red for positive, through a neutral middle: told apart by people who do not see red and green
 * alike.
 */
const scales = [
  ['#2166ac', '#7ab3d9', '#f0eeea', '#f2a585', '#b2182b'],
  ['#6db6ff', '#2f6ea8', '#272c36', '#a8503c', '#ff8a75'],
];

/** Colours of the page alone, in light and in dark. */
const ROLES = {
  closed: ['#f1f2f4', '#1c212a'],
  gold: ['#a57c00', '#f0d050'],
  teal: ['#3a8fb7', '#8fd0e8'],
} as const;

function scaleStep(theme: number, step: number): string {
  const at = (step / SCALE_STEPS + 1) * 2;
  const low = Math.min(Math.floor(at), 3);
  const [from, to] = [scales[theme][low], scales[theme][low + 1]].map(hex =>
    [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16)),
  );
  return `#${from
    .map((value, i) =>
      Math.round(value + (to[i] - value) * (at - low))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

/** Black or white, whichever stands out more from a colour: by 4.6 to 1 at least. */
function textOn(hex: string): string {
  const [r, g, b] = [1, 3, 5].map(i => {
    const value = parseInt(hex.slice(i, i + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return (luminance + 0.05) ** 2 > 0.05 * 1.05 ? 'black' : 'white';
}

/** The colours of the page's maps as declarations of CSS variables. */
export function scaleDeclarations(theme: 'light' | 'dark'): string {
  const at = theme === 'light' ? 0 : 1;
  const steps = Array.from({length: 2 * SCALE_STEPS + 1}, (_, i) => {
    const color = scaleStep(at, i - SCALE_STEPS);
    return `--scale${i}:${color};--onScale${i}:${textOn(color)}`;
  });
  return [...Object.entries(ROLES).map(([role, values]) => `--${role}:${values[at]}`), ...steps].join(';');
}
