/**
 * Colours by what they are for, in light and in dark. Series colours are those of Okabe and Ito, which people with any
 * kind of colour vision tell apart, made lighter on a dark ground. All light values differ: a picture is drawn in them,
 * and the page replaces each by its variable.
 */
const roles = {
  surface: ['#ffffff', '#12151c'],
  ink: ['#1b1f27', '#e8eaf0'],
  muted: ['#5a6270', '#a3abba'],
  axis: ['#98a0ad', '#596273'],
  grid: ['#e3e6eb', '#2a303b'],
  closed: ['#f1f2f4', '#1c212a'],
  blue: ['#0072b2', '#56b4e9'],
  vermilion: ['#d55e00', '#ff9a4d'],
  green: ['#009e73', '#3ecfa3'],
  gold: ['#a57c00', '#f0d050'],
  teal: ['#3a8fb7', '#8fd0e8'],
  quiet: ['#aab1bd', '#68717f'],
} as const;

export type Role = keyof typeof roles;

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

/** Colours of a picture: the light ones, which the page knows how to replace. */
export const colors = Object.fromEntries(Object.entries(roles).map(([role, [light]]) => [role, light])) as Record<
  Role,
  string
>;

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

/** Every variable with its light and dark value. */
const variables: Array<[name: string, light: string, dark: string]> = [
  ...Object.entries(roles).map(([role, [light, dark]]): [string, string, string] => [`--${role}`, light, dark]),
  ...Array.from({length: 2 * SCALE_STEPS + 1}, (_, i) => {
    const [light, dark] = [0, 1].map(theme => scaleStep(theme, i - SCALE_STEPS));
    return [
      [`--scale${i}`, light, dark],
      [`--onScale${i}`, textOn(light), textOn(dark)],
    ] as Array<[string, string, string]>;
  }).flat(),
];

/** The colours of a report as declarations of CSS variables, for a style sheet in its colours. */
export function colorDeclarations(theme: 'light' | 'dark'): string {
  return variables.map(([name, light, dark]) => `${name}:${theme === 'light' ? light : dark}`).join(';');
}

/** A picture whose colours follow the page's scheme. */
export function withVariables(svg: string): string {
  const names = new Map(variables.map(([name, light]) => [light, name]));
  return svg.replace(/"(#[0-9a-f]{6})"/g, (whole, hex: string) =>
    names.has(hex) ? `"var(${names.get(hex)!})"` : whole,
  );
}
