import type {RunRecord} from '../record/run_record';
import type {Block} from './blocks';
import {contentOf} from './content';
import {toMarkdown} from './text';

/** The report as Markdown; `picture` gives the path of a picture's file, undefined without one. */
export function markdownReport(run: RunRecord, picture: (name: string) => string | undefined): string {
  const {title, verdict, next, facts, overview, sections} = contentOf(run);
  const block = (item: Block): string[] => {
    switch (item.type) {
      case 'text':
        return [toMarkdown(item.text)];
      case 'terms':
        return [item.terms.map(([term, text]) => `- ${term}: ${toMarkdown(text)}`).join('\n')];
      case 'fold':
        return [`### ${item.title}`, ...item.blocks.flatMap(block)];
      case 'picture': {
        const file = picture(item.picture.name);
        return file === undefined ? [] : [`![${item.picture.title}](${file})`];
      }
      case 'grid':
        return item.pictures.flatMap(map => block({type: 'picture', picture: map}));
      case 'table':
        return [
          toMarkdown(item.caption),
          [item.head, item.head.map(() => '---'), ...item.rows.map(row => row.map(toMarkdown))]
            .map(row => `| ${row.join(' | ')} |`)
            .join('\n'),
        ];
    }
  };
  return `${[
    `# ${toMarkdown(title)}`,
    `**${toMarkdown(verdict)}**`,
    toMarkdown(next),
    facts.map(([name, text]) => `- ${name}: ${toMarkdown(text)}`).join('\n'),
    ...overview.flatMap(block),
    ...sections.flatMap(section => [`## ${section.title}`, ...section.blocks.flatMap(block)]),
  ].join('\n\n')}\n`;
}
