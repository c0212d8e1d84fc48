import {createHash} from 'node:crypto';
import type {Plugin} from 'vite';
import {colorDeclarations} from '../../src/report/theme';

/** The colours of the report, before the first paint. */
const COLORS =
  `:root{color-scheme:light dark;${colorDeclarations('light')}}` +
  `@media (prefers-color-scheme:dark){:root{${colorDeclarations('dark')}}}`;

/**
 * What the built page may load: its own files, and nothing that was written into it. WebAssembly is compiled from the
 * page's own files.
 */
const policyOf = (scripts: readonly string[]): string =>
  [
    "default-src 'self'",
    `script-src ${["'self'", "'wasm-unsafe-eval'", ...scripts].join(' ')}`,
    `style-src 'self' 'sha256-${createHash('sha256').update(COLORS).digest('base64')}'`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');

/**
 * Puts the colours into index.html, and in the built one a Content-Security-Policy.
 * @param options `scripts`: other sources of scripts that the policy allows.
 */
export const theme = ({scripts = []}: {scripts?: string[]} = {}): Plugin => ({
  name: 'theme',
  transformIndexHtml: (_, {server}) => [
    // Vite's development server writes scripts into the page.
    ...(server === undefined
      ? [
          {
            tag: 'meta',
            attrs: {'http-equiv': 'Content-Security-Policy', content: policyOf(scripts)},
            injectTo: 'head-prepend' as const,
          },
        ]
      : []),
    {tag: 'style', children: COLORS, injectTo: 'head-prepend'},
  ],
});
