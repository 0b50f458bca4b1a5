import { apiModules } from './api-modules.js';
import { clientsetModules } from './clientset-modules.js';
import type { Facts } from './facts.js';
import { protobufModules } from './protobuf-modules.js';
import { Schema } from './schema.js';
import { schemaModules } from './schema-modules.js';

/** All generated source, by path relative to `packages/`. Depends on nothing but the facts. */
export function generate(facts: Facts): Map<string, string> {
  const files = new Map<string, string>();
  const schema = new Schema(facts);
  for (const [path, source] of apiModules(schema)) files.set(`api/src/gen/${path}.ts`, source);
  for (const [path, source] of clientsetModules(schema)) files.set(`clientset/src/gen/${path}.ts`, source);
  for (const [path, source] of schemaModules(schema)) files.set(`api/src/gen/${path}.ts`, source);
  for (const [path, source] of protobufModules(schema)) files.set(`api/src/gen/${path}.ts`, source);
  return files;
}
