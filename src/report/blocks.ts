import type {Picture} from './pictures/pictures';
import type {Text} from './text';

/** Element of a section, from which both HTML and Markdown are written. */
export type Block =
  | {type: 'text'; text: Text}
  | {type: 'picture'; picture: Picture}
  /** Small pictures side by side. */
  | {type: 'grid'; pictures: readonly Picture[]}
  /** With `cards` each row becomes a card on a phone, under its first cell. */
  | {type: 'table'; caption: Text; head: readonly string[]; rows: ReadonlyArray<readonly Text[]>; cards?: true}
  | {type: 'terms'; terms: ReadonlyArray<readonly [string, Text]>}
  | {type: 'fold'; title: string; blocks: readonly Block[]};

export interface Section {
  id: string;
  title: string;
  blocks: readonly Block[];
}

export interface Content {
  title: Text;
  /** The verdict in one sentence, and what to do next. */
  verdict: Text;
  next: Text;
  /** Facts about rows, columns and model, each with what it is. */
  facts: ReadonlyArray<readonly [string, Text]>;
  /** Blocks of the first screen, below the facts. */
  overview: readonly Block[];
  sections: readonly Section[];
}

/** A paragraph. */
export function paragraph(text: Text): Block {
  return {type: 'text', text};
}
