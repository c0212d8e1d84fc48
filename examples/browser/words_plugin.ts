import type {Plugin} from 'vite';
import {load, source} from './library';

/** Puts the words of strings.ts into index.html, where {{their.path}} stands. */
export const wordsInPage: Plugin = {
  name: 'words',
  transformIndexHtml: {
    order: 'pre',
    async handler(html) {
      const {words} = await load<typeof import('./strings')>(source('examples/browser/strings.ts'));
      return html.replace(/\{\{([\w.]+)\}\}/g, (_, path: string) => {
        const word = path
          .split('.')
          .reduce<unknown>((part, key) => (part as {[key: string]: unknown} | undefined)?.[key], words);
        if (typeof word !== 'string')
          throw new Error(`index.html asks for the word ${path}, which strings.ts does not have.`);
        return word.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
      });
    },
  },
};
