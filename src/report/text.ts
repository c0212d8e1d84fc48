import {Figure} from './figures';

/** Words with figures in them. */
export type Text = ReadonlyArray<string | Figure>;

/** Words with figures and texts between them, as a template; a line end with the indentation after it is one space. */
export function say(words: TemplateStringsArray, ...parts: ReadonlyArray<string | Figure | Text>): Text {
  return words
    .flatMap((lines, i) => {
      const word = lines.replace(/\n\s*/g, ' ');
      const part = parts[i];
      return part === undefined ? [word] : [word, ...(typeof part === 'string' || 'path' in part ? [part] : part)];
    })
    .filter(part => part !== '');
}

/** Texts one after another: "a, b and c". */
export function listed(texts: readonly Text[]): Text {
  return texts.flatMap((text, i) => [...(i === 0 ? [] : [i === texts.length - 1 ? ' and ' : ', ']), ...text]);
}

export function toHtml(text: Text): string {
  return text
    .map(part =>
      typeof part === 'string'
        ? escapeHtml(part)
        : `<data value="${escapeHtml(String(part.value))}" data-run="${escapeHtml(part.path)}">` +
          `${escapeHtml(part.shown)}</data>`,
    )
    .join('');
}

export function toPlain(text: Text): string {
  return text.map(part => (typeof part === 'string' ? part : part.shown)).join('');
}

/** Not every Markdown takes a backslash before these, and HTML of a name would run in some viewers. */
const ENTITIES: {[character: string]: string} = {'&': '&amp;', '<': '&lt;', '>': '&gt;'};

/** Text inside Markdown, also inside the cells of its tables: on one line, whatever names and values hold. */
export function toMarkdown(text: Text): string {
  return toPlain(text)
    .replace(/\s*[\r\n]\s*/g, ' ')
    .replace(/[\\`*_[\]|#]/g, '\\$&')
    .replace(/[&<>]/g, c => ENTITIES[c]);
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`);
}
