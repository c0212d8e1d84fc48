import {type Bar, writeText} from '../examples/flights/summary';
import {writeGenerated} from './generated';
import {digits} from './report';

export interface PublishArgs {
  /** The figures as Markdown. */
  text: string;
  /** The file of the figures. */
  file: string;
  /** The document whose generated part the text is. */
  document: string;
  /** Whether nothing is written. */
  dry: boolean | undefined;
}

/** Show figures and their bars, and write them. */
export async function publish(
  figures: {command: string; bars: readonly Bar[]},
  {text, file, document, dry}: PublishArgs,
): Promise<void> {
  console.log(`\n${text}\n`);
  for (const {name, value, bar, holds} of figures.bars)
    console.log(`${holds ? 'holds' : 'FAILS'}  ${name} ${bar}: ${digits(value)}`);
  if (dry) return;
  await writeText(file, `${JSON.stringify(figures, null, 1)}\n`);
  await writeGenerated(document, figures.command, text);
}
