import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {Browser} from 'playwright-core';
import {buildBrowser} from '../../scripts/build_browser';
import {launchBrowser} from './browser';

/** For the tests of a file: a browser, and a folder with the files for browsers. */
export function browserAndLibrary(): () => {browser: Browser; library: string} {
  let browser: Browser;
  let library: string;
  beforeAll(async () => {
    library = mkdtempSync(path.join(tmpdir(), 'autofis-library-'));
    await buildBrowser(library);
    // WebGL and WebGPU computed by the processor, both by one Vulkan: by two, values of WebGPU that are read at once
    // come back as 0.
    browser = await launchBrowser({
      args: [
        '--enable-unsafe-swiftshader',
        '--use-angle=vulkan',
        '--use-vulkan=swiftshader',
        '--enable-features=Vulkan',
        '--enable-unsafe-webgpu',
        '--use-webgpu-adapter=swiftshader',
      ],
    });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(library, {recursive: true, force: true});
  });
  return () => ({browser, library});
}
