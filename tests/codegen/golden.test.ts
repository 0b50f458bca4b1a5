import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { generateCustomResources } from '@client-ts/codegen';
import { parseAllYaml } from '@client-ts/serializer/yaml';
import { expect, test } from 'vitest';

/*
 * Definitions as well-known projects have them, and the modules that they give, which the type checker sees as well. To accept
 * a change: npx tsx packages/codegen/src/bin.ts --crd FILE --out tests/codegen/testdata/golden
 */
const testdata = path.join(import.meta.dirname, 'testdata');
const golden = path.join(testdata, 'golden');

function definitions(file: string): unknown[] {
  return parseAllYaml(readFileSync(path.join(testdata, file), 'utf8')).flatMap((object) => {
    const { items = [object] } = object as { items?: { kind?: string }[] };
    return items.filter((item) => (item as { kind?: string }).kind === 'CustomResourceDefinition');
  });
}

test.each<[string, string[]]>([
  ['certificates.yaml', ['pki.example.com/v1.ts']],
  ['meshes.yaml', ['mesh.example.com/v1alpha3.ts']],
  ['monitors.yaml', ['monitoring.example.com/v1.ts']],
  ['routes.yaml', ['net.example.com/v1.ts', 'net.example.com/v1beta1.ts']],
  ['workflows.yaml', ['run.example.com/v1alpha1.ts']],
])('%s gives %j', (file, modules) => {
  const generated = generateCustomResources(definitions(file));
  expect([...generated.keys()]).toEqual(modules);
  for (const [module, source] of generated) expect(source).toBe(readFileSync(path.join(golden, module), 'utf8'));
});

test('there are no other golden modules', () => {
  const files = readdirSync(golden, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  expect(files).toHaveLength(6);
});
