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
  blue: ['#0072b2', '#56b4e9'],
  vermilion: ['#d55e00', '#ff9a4d'],
  green: ['#009e73', '#3ecfa3'],
  quiet: ['#aab1bd', '#68717f'],
} as const;

/** Colours of a picture: the light ones, which the page knows how to replace. */
export const colors = Object.fromEntries(Object.entries(roles).map(([role, [light]]) => [role, light])) as Record<
  keyof typeof roles,
  string
>;

/** The colours of a report as declarations of CSS variables, for a style sheet in its colours. */
export function colorDeclarations(theme: 'light' | 'dark'): string {
  return Object.entries(roles)
    .map(([role, [light, dark]]) => `--${role}:${theme === 'light' ? light : dark}`)
    .join(';');
}

/** A picture whose colours follow the page's scheme. */
export function withVariables(svg: string): string {
  const names = new Map(Object.entries(roles).map(([role, [light]]): [string, string] => [light, role]));
  return svg.replace(/"(#[0-9a-f]{6})"/g, (match, hex: string) =>
    names.has(hex) ? `"var(--${names.get(hex)!})"` : match,
  );
}
