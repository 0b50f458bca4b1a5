import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

export interface PageFile {
  readonly type: string;
  readonly content: string | Uint8Array;
}

/** All that a browser loads, by path: the page, and one file each of what it runs and looks like, xterm.js included. */
export async function buildPage(): Promise<ReadonlyMap<string, PageFile>> {
  const source = path.join(import.meta.dirname, 'page');
  const { outputFiles } = await build({
    entryPoints: ['page.ts', 'page.css'].map((name) => path.join(source, name)),
    outdir: '/',
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  const built = (extension: string): Uint8Array => {
    const file = outputFiles.find(({ path }) => path.endsWith(extension));
    if (!file) throw new Error(`esbuild made no ${extension} of the page`);
    return file.contents;
  };
  return new Map([
    ['/', { type: 'text/html; charset=utf-8', content: await readFile(path.join(source, 'index.html')) }],
    ['/page.js', { type: 'text/javascript; charset=utf-8', content: built('.js') }],
    ['/page.css', { type: 'text/css; charset=utf-8', content: built('.css') }],
  ]);
}
