import { apiModules } from './api-modules.js';
import { clientsetModules } from './clientset-modules.js';
import type { Facts } from './facts.js';
import { Imports } from './imports.js';
import { format } from './line-format.js';
import { moduleText } from './module-text.js';
import { Schema } from './schema.js';
import { jsonLiteral, propertyKey } from './source-text.js';

/** All generated source, by path relative to `packages/`. Depends on nothing but the facts. */
export function generate(facts: Facts): Map<string, string> {
  const files = new Map<string, string>();
  const schema = new Schema(facts);
  for (const [path, source] of apiModules(schema)) files.set(`api/src/gen/${path}.ts`, source);
  for (const [path, source] of clientsetModules(schema)) files.set(`clientset/src/gen/${path}.ts`, source);
  files.set('api/src/gen/schema.ts', schemaModule(facts));
  return files;
}

/** The facts themselves, for who needs them at run time. */
function schemaModule(facts: Facts): string {
  const imports = new Imports(['schema']);
  const type = imports.type('../schema-facts.js', 'ApiSchema');
  const literal = format(facts, '', { literal: jsonLiteral, key: propertyKey });
  return moduleText(imports, [`export const schema: ${type} = ${literal};\n`]);
}
