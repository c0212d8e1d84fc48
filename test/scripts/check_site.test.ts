import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {checkSite} from '../../scripts/check_site';

let site: string;
beforeEach(() => {
  site = mkdtempSync(path.join(os.tmpdir(), 'autofis-site-'));
  mkdirSync(path.join(site, 'api'));
  writeFileSync(path.join(site, 'a picture.png'), '');
  writeFileSync(path.join(site, 'api/index.html'), '<h1 id="für-alle">API</h1><a href="../index.html#top">up</a>');
});
afterEach(() => rmSync(site, {recursive: true}));

const index = (body: string) => writeFileSync(path.join(site, 'index.html'), `<h1 id="top">Start</h1>${body}`);

describe('checkSite', () => {
  it('finds pages, folders, pictures and anchors that are there, and leaves other sites alone', () => {
    index(
      '<a class="x" href="/api/">a</a><a href="#top">b</a><a href="/api/index.html#f%C3%BCr-alle">c</a>' +
        '<img alt="" src="/a%20picture.png"><a href="https://example.com/none">d</a><a href="mailto:a@b.c">e</a>',
    );
    expect(checkSite(site)).toEqual({pages: 2, broken: []});
  });

  it('names each page, picture and anchor that is missing once, with the page that links to it', () => {
    index('<a href="/none">a</a><a href="/none">a</a><a href="api/index.html#top">b</a><img src="b.png">');
    expect(checkSite(site)).toEqual({
      pages: 2,
      broken: ['index.html: /none', 'index.html: api/index.html#top', 'index.html: b.png'],
    });
  });
});
