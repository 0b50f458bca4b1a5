import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { builtInTables } from '@client-ts/api/protobuf';
import { protobuf } from '@client-ts/serializer/protobuf';
import { describe, expect, test } from 'vitest';
import { FactsError } from './facts.js';
import { findKubernetesModule } from './kubernetes-module.js';

/**
 * Objects with a value in every field, in JSON and in protobuf, as Kubernetes keeps them beside its Go types: those of the release,
 * and those that older releases wrote.
 */
function goldenFolders(release: string): string[] {
  return [...modules()].flatMap(([, directory]) =>
    ['testdata', 'pkg/apis/testdata']
      .map((folder) => path.join(directory, folder, release))
      .filter((folder) => existsSync(folder)),
  );
}

function modules(): ReadonlyMap<string, string> {
  try {
    return findKubernetesModule(path.resolve(import.meta.dirname, '../../../tools/kubernetes/v1.37')).types;
  } catch (error) {
    if (error instanceof FactsError) return new Map();
    throw error;
  }
}

interface GoldenObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly spec?: { readonly volumeClaimTemplates?: object[] };
}

interface Golden {
  readonly name: string;
  readonly object: GoldenObject;
  readonly bytes: Uint8Array;
}

const codec = protobuf(...builtInTables);

function goldens(release: string): Golden[] {
  return goldenFolders(release).flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.pb') && existsSync(path.join(folder, file.replace('.pb', '.json'))))
      .map((file) => {
        const json = readFileSync(path.join(folder, file.replace('.pb', '.json')), 'utf8');
        const bytes = new Uint8Array(readFileSync(path.join(folder, file)));
        return { name: file, object: withClaimTypes(JSON.parse(json) as GoldenObject), bytes };
      })
      .filter(({ object }) => codec.knows(typeOf(object)) && object.kind !== 'Status'),
  );
}

/** A server fills in the types of the claims, which these files lack. */
function withClaimTypes(object: GoldenObject): GoldenObject {
  for (const claim of object.spec?.volumeClaimTemplates ?? [])
    Object.assign(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim' });
  return object;
}

function typeOf({ apiVersion = '', kind = '' }: GoldenObject): { group: string; version: string; kind: string } {
  const [version = '', group = ''] = apiVersion.split('/').toReversed();
  return { group, version, kind };
}

const reason = goldenFolders('HEAD').length === 0 ? ' (left out: the Go modules of Kubernetes are not here)' : '';

describe.skipIf(reason !== '')(`objects with every field${reason}`, () => {
  test.each(goldens('HEAD').map((golden) => [golden.name, golden] as const))('%s', (what, { object, bytes }) => {
    const options = { what, type: typeOf(object) };
    expect(codec.decode(bytes, options)).toStrictEqual(object);
    expect(codec.decode(codec.encode(object), options)).toStrictEqual(object);
  });

  test.each(['v1.34.0', 'v1.36.0'])('of %s are the same, or have a field that is gone', (release) => {
    const differing = goldens(release).filter(({ name, object, bytes }) => {
      try {
        expect(codec.decode(bytes, { what: name, type: typeOf(object) })).toStrictEqual(object);
        return false;
      } catch (error) {
        return (error as Error).name !== 'UnknownFieldsError';
      }
    });
    expect(differing.map(({ name }) => name)).toEqual([]);
  });
});
