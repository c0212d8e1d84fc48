import {visible} from '../visible';
import {Figure} from './figures';

/** A word of the glossary where it first occurs, with its meaning as plain text. */
export interface DefinedTerm {
  readonly word: string;
  readonly meaning: string;
}

/** Words with figures and terms in them. */
export type Text = ReadonlyArray<string | Figure | DefinedTerm>;

/** Compose text of words, figures, terms and texts; a line end with the indentation after it is one space. */
export function say(words: TemplateStringsArray, ...parts: ReadonlyArray<Text[number] | Text>): Text {
  return words
    .flatMap((lines, i) => {
      const word = lines.replace(/\n\s*/g, ' ');
      const part = parts[i];
      return part === undefined ? [word] : [word, ...(isText(part) ? part : [part])];
    })
    .filter(part => part !== '');
}

function isText(part: Text[number] | Text): part is Text {
  return Array.isArray(part);
}

/** Texts one after another: "a, b and c". */
export function listed(texts: readonly Text[]): Text {
  return texts.flatMap((text, i) => [...(i === 0 ? [] : [i === texts.length - 1 ? ' and ' : ', ']), ...text]);
}

export function toHtml(text: Text): string {
  return text
    .map(part => {
      if (typeof part === 'string') return escapeHtml(part);
      return 'word' in part
        ? `<abbr title="${escapeHtml(part.meaning)}">${escapeHtml(part.word)}</abbr>`
        : `<data value="${escapeHtml(String(part.value))}" data-run="${escapeHtml(part.path)}">` +
            `${escapeHtml(part.shown)}</data>`;
    })
    .join('');
}

export function toPlain(text: Text): string {
  return text
    .map(part => {
      if (typeof part === 'string') return part;
      return 'word' in part ? part.word : part.shown;
    })
    .join('');
}

/** Not every Markdown takes a backslash before these, and HTML of a name would run in some viewers. */
const ENTITIES: {[character: string]: string} = {'&': '&amp;', '<': '&lt;', '>': '&gt;'};

/** Text inside Markdown, also inside the cells of its tables: on one line, whatever names and values hold. */
export function toMarkdown(text: Text): string {
  return visible(toPlain(text).replace(/\s*[\r\n]\s*/g, ' '))
    .replace(/[\\`*_[\]|#]/g, '\\$&')
    .replace(/[&<>]/g, c => ENTITIES[c]);
}

export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`);
}
