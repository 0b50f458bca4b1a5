import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** A directory for the tests of a file; each call gives a place in it that does not exist yet. */
export function temporaryPlaces(): () => string {
  let root = '';
  let count = 0;
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'client-ts-discovery-'));
  });
  afterAll(() => rm(root, { recursive: true }));
  return () => path.join(root, String(count++), 'cache');
}

/** What is in a directory, with its permissions: `750 apps/v1`. */
export async function listed(directory: string): Promise<string[]> {
  const names = await readdir(directory, { recursive: true });
  const lines = names.toSorted().map(async (name) => {
    const { mode } = await stat(path.join(directory, name));
    return `${(mode & 0o777).toString(8)} ${name}`;
  });
  return Promise.all(lines);
}
