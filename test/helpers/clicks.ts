import {writeFileSync} from 'node:fs';
import {generator, integers} from './random';

/** Writes a table with a click where site and hour fit; the other columns say nothing. */
export function writeClicks(file: string, rows: number, seed: number, head = true): string {
  const next = generator(seed);
  const lines = Array.from({length: rows}, () => {
    const [site, hour, device] = [integers(next, 1, 6)[0], integers(next, 1, 8)[0], integers(next, 1, 3)[0]];
    return `${(site + hour) % 3 === 0 ? 1 : 0},site ${site},${hour},${['phone', 'tablet', '?'][device]}`;
  });
  writeFileSync(file, `${head ? 'clicked,site,hour,device\n' : ''}${lines.join('\n')}\n`);
  return file;
}
