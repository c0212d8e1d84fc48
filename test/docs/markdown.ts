import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {anchorOf} from '../../docs/.vitepress/pages';

export const root = path.resolve(__dirname, '../..');

/** Paths of all documents of the project, from its root. */
export const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'THIRD_PARTY.md',
  ...readdirSync(path.join(root, 'docs'), {recursive: true, encoding: 'utf8'})
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name.split(path.sep).join('/')}`),
].sort();

export function read(document: string): string {
  return readFileSync(path.join(root, document), 'utf8');
}

export interface Snippet {
  language: string;
  code: string;
  /** The line of the document that the code begins in, counted from 1. */
  line: number;
}

/** The fenced blocks of a document, also those within lists. */
export function snippetsOf(text: string): Snippet[] {
  const snippets: Snippet[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const opening = /^( *)```(\w*)$/.exec(lines[i]);
    if (opening === null) continue;
    const [, indent, language] = opening;
    const start = i + 1;
    while (lines[++i] !== `${indent}\`\`\``)
      if (i >= lines.length) throw new Error(`The block in line ${start} has no end.`);
    snippets.push({
      language,
      line: start + 1,
      code: lines
        .slice(start, i)
        .map(line => line.slice(indent.length))
        .join('\n'),
    });
  }
  return snippets;
}

/** What is left of a document without its fenced blocks and inline code. */
export function proseOf(text: string): string {
  return text.replace(/^( *)```\w*\n[\s\S]*?\n\1```$/gm, '').replace(/`[^`\n]*`/g, '');
}

/** The anchors of all headings of a document. */
export function anchorsOf(text: string): string[] {
  const withoutCode = text.replace(/^( *)```\w*\n[\s\S]*?\n\1```$/gm, '');
  const counts = new Map<string, number>();
  return [...withoutCode.matchAll(/^#{1,6} (.*)$/gm)].map(([, heading]) => {
    const anchor = anchorOf(heading);
    const count = counts.get(anchor) ?? 0;
    counts.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}
