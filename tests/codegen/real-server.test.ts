import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { CustomResourceDefinition } from '@client-ts/api/apiextensions/v1';
import type { KubernetesObject } from '@client-ts/apimachinery';
import { Environment } from '@client-ts/envtest';
import { OpenApiClient } from '@client-ts/openapi';
import { parseAllYaml } from '@client-ts/serializer/yaml';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';

const testdata = path.join(import.meta.dirname, 'testdata');
const bin = path.join(import.meta.dirname, '../../packages/codegen/src/bin.ts');

/** All definitions of the golden tests, which the server has to accept. */
function definitions(): CustomResourceDefinition[] {
  return readdirSync(testdata)
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => parseAllYaml(readFileSync(path.join(testdata, file), 'utf8')))
    .flatMap((object) => (object as { items?: KubernetesObject[] }).items ?? [object as KubernetesObject])
    .filter(({ kind }) => kind === 'CustomResourceDefinition') as CustomResourceDefinition[];
}

/** Modules of a folder, by path. */
function modulesIn(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return new Map(files.toSorted().map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]));
}

describeReal('the command, with a cluster that has the definitions', ['etcd', 'kubeApiserver'], () => {
  let server: Environment | undefined;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'codegen-'));
    const crds = definitions();
    server = await Environment.start({ crds });
    // Documents follow what is served some time later.
    for (const { group, names, versions } of crds.map(({ spec }) => spec)) {
      for (const { name } of versions.filter(({ served }) => served)) {
        const schema = { group, version: name, kind: names.kind };
        await vi.waitFor(() => new OpenApiClient(server!.config).schema(schema), { timeout: 100_000 });
      }
    }
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  test.each<[string, string[]]>([
    ['definitions', []],
    ['OpenAPI documents', ['--openapi', '/openapi/v3']],
  ])('gives the golden modules from its %s', async (_what, args) => {
    const out = path.join(folder, String(args.length));
    const command = ['--import', 'tsx', bin, '--kubeconfig', server!.kubeconfig, ...args, '--out', out];
    await promisify(execFile)(process.execPath, command);
    expect(modulesIn(out)).toEqual(modulesIn(path.join(testdata, 'golden')));
  });
});
