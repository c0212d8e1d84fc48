import {createHash} from 'node:crypto';
import type {Plugin} from 'vite';
import {load, source} from './library';
import {scaleDeclarations} from './scale';

/** The colours of the report and of the page's maps, before the first paint. */
async function colors(): Promise<string> {
  const {colorDeclarations} = await load<typeof import('../../src/report/theme')>(source('src/report/theme.ts'));
  return (
    `:root{color-scheme:light dark;${colorDeclarations('light')};${scaleDeclarations('light')}}` +
    `@media (prefers-color-scheme:dark){:root{${colorDeclarations('dark')};${scaleDeclarations('dark')}}}`
  );
}

/**
 * What the built page may load: its own files, and nothing that was written into it. WebAssembly is compiled from the
 * page's own files.
 */
const policyOf = (scripts: readonly string[], style: string): string =>
  [
    "default-src 'self'",
    `script-src ${["'self'", "'wasm-unsafe-eval'", ...scripts].join(' ')}`,
    `style-src 'self' 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
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
  async transformIndexHtml(_, {server}) {
    const style = await colors();
    return [
      // Vite's development server writes scripts into the page.
      ...(server === undefined
        ? [
            {
              tag: 'meta',
              attrs: {'http-equiv': 'Content-Security-Policy', content: policyOf(scripts, style)},
              injectTo: 'head-prepend' as const,
            },
          ]
        : []),
      {tag: 'style', children: style, injectTo: 'head-prepend'},
    ];
  },
});
