import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { schema } from './all-schema.js';
import { builtInTables } from './gen/protobuf.js';

const folder = path.resolve(import.meta.dirname, '..');
const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
  exports: Record<string, string>;
};
const generated = Object.entries(manifest.exports).filter(([, source]) => source.startsWith('./src/gen/'));
const isProtobuf = (subpath: string): boolean => subpath.endsWith('/protobuf');
const modules = generated.filter(([subpath]) => !isProtobuf(subpath));

test('the README names each subpath', () => {
  const rows = readFileSync(path.join(folder, 'README.md'), 'utf8').matchAll(/^\| `([a-z]+)` +\| (.*?) +\|$/gm);
  const named = [...rows].flatMap(([, group, versions = '']) =>
    [...versions.matchAll(/`(v\w+)`/g)].map(([, version]) => `./${group}/${version}`),
  );
  expect(named.toSorted()).toEqual(modules.map(([subpath]) => subpath));
});

test('each resource of each version has a descriptor, and there are no others', async () => {
  const descriptors: unknown[] = [];
  for (const [, source] of modules) {
    const module = (await import(path.join(folder, source))) as Record<string, unknown>;
    descriptors.push(...Object.values(module));
  }
  const expected = schema.groupVersions.flatMap(({ group, version, resources }) =>
    resources.map(({ name, kind, scope, subresources }) => ({
      group,
      version,
      resource: name,
      kind,
      scope,
      ...(subresources && { subresources: subresources.map(({ name }) => name) }),
    })),
  );
  expect(descriptors).toHaveLength(expected.length);
  expect(descriptors).toEqual(expect.arrayContaining(expected));
});

test('each version has a protobuf table with the kinds of its resources', () => {
  const subpaths = generated.flatMap(([subpath]) => (isProtobuf(subpath) ? [subpath] : []));
  expect(subpaths).toEqual([...modules.map(([subpath]) => `${subpath}/protobuf`), './protobuf'].toSorted());
  const kinds = builtInTables.flatMap(({ group, version, kinds }) =>
    kinds.map((kind) => `${group} ${version} ${kind}`),
  );
  const resources = schema.groupVersions.flatMap(({ group, version, resources }) =>
    resources.map(({ kind }) => `${group} ${version} ${kind}`),
  );
  expect(kinds).toEqual(expect.arrayContaining(resources));
});
