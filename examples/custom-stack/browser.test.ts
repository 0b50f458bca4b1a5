import path from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { configMaps } from '@client-ts/api/core/v1';
import { ApiServer } from '@client-ts/apiserver';
import { listen } from '@client-ts/apiserver/node';
import { restClientFor } from '@client-ts/rest';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import type { followConfigMaps } from './browser.js';

/** What a page has of its own accord, as far as it is used: nothing of Node.js's. */
const Page = [
  'AbortController AbortSignal DOMException Event EventTarget Headers MessageChannel ReadableStream Request Response',
  'TextDecoder TextEncoder URL URLSearchParams clearTimeout console fetch performance queueMicrotask setTimeout',
].flatMap((names) => names.split(' ') as (keyof typeof globalThis)[]);

test('a page follows what there is, in a bundle that needs nothing but a browser', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [path.join(import.meta.dirname, 'browser.ts')],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    globalName: 'example',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  expect(imports.filter(({ external, path: name }) => external && name !== '<runtime>')).toEqual([]);
  expect(Object.keys(metafile.inputs).filter((file) => file.includes('packages/informers'))).toEqual([]);

  const page = createContext(Object.fromEntries(Page.map((name) => [name, globalThis[name]])));
  runInContext(outputFiles[0]?.text ?? '', page);
  const follow = runInContext('example.followConfigMaps', page) as typeof followConfigMaps;

  await using server = new ApiServer();
  await using listener = await listen(server);
  const client = restClientFor(server.config()).resource(configMaps, 'default');
  await client.create({ metadata: { name: 'before' } });
  const stop = new AbortController();
  const seen: string[] = [];
  let wake = (): void => undefined;
  const running = follow({ host: listener.url, namespace: 'default', signal: stop.signal }, (all) => {
    seen.push(all.map(({ metadata }) => metadata?.name).join(' '));
    wake();
  });
  const shown = async (names: string): Promise<void> => {
    while (seen.at(-1) !== names) await new Promise<void>((resolve) => (wake = resolve));
  };
  await shown('before');
  await client.create({ metadata: { name: 'after' } });
  await shown('before after');
  await client.delete('before');
  await shown('after');
  stop.abort();
  await running;
});
