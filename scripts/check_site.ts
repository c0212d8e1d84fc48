/**
 * Checks every link of a built site: `tsx scripts/check_site.ts runs/site`. Each page, picture and anchor that a page
 * names must be there; exits with 1 and lists those that are not.
 */
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';

/** The file that a server gives for a path of the site. */
function fileOf(site: string, url: string): string {
  const file = path.join(site, decodeURIComponent(url));
  return existsSync(file) && statSync(file).isDirectory() ? path.join(file, 'index.html') : file;
}

/** The links of a page that lead nowhere on its site. */
export function brokenLinks(site: string, page: string, read: (file: string) => string): string[] {
  const html = read(path.join(site, page));
  const links = [...html.matchAll(/<(?:a|link|img|script)\b[^>]*?\b(?:href|src)="([^"]+)"/g)].map(([, link]) => link);
  return [...new Set(links)].filter(link => {
    if (/^([a-z]+:|\/\/)/.test(link)) return false;
    const {pathname, hash} = new URL(link.replaceAll('&amp;', '&'), `http://site/${page}`);
    const file = fileOf(site, pathname);
    if (!existsSync(file)) return true;
    return hash !== '' && !read(file).includes(`id="${decodeURIComponent(hash.slice(1))}"`);
  });
}

/** All broken links of a site, as lines. */
function checkSite(site: string): {pages: number; broken: string[]} {
  const texts = new Map<string, string>();
  const read = (file: string) => {
    if (!texts.has(file)) texts.set(file, readFileSync(file, 'utf8'));
    return texts.get(file)!;
  };
  const pages = readdirSync(site, {recursive: true, encoding: 'utf8'}).filter(name => name.endsWith('.html'));
  const broken = pages.flatMap(page => brokenLinks(site, page, read).map(link => `${page}: ${link}`));
  return {pages: pages.length, broken};
}

if (require.main === module) {
  const {pages, broken} = checkSite(process.argv[2]);
  console.log(broken.length === 0 ? `${pages} pages, no broken link` : `Broken links:\n${broken.join('\n')}`);
  process.exitCode = broken.length === 0 && pages > 0 ? 0 : 1;
}
