import { OpenApiDocument } from './open-api-document.js';
import type { Schema } from './schema.js';

/** Parsed, so that `__proto__` is a member as any other. */
export function documentOf(schemas: Readonly<Record<string, unknown>> | string): OpenApiDocument {
  const text = typeof schemas === 'string' ? schemas : JSON.stringify(schemas);
  return new OpenApiDocument(JSON.parse(`{"openapi":"3.0.0","components":{"schemas":${text}}}`));
}

/** A schema of a custom resource, or with `go` of a Go type, that may refer to others. */
export function schemaOf(
  schema: unknown,
  { go = false, others = {} }: { go?: boolean; others?: Readonly<Record<string, unknown>> } = {},
): Schema {
  const name = go ? 'io.k8s.api.test.v1.Tested' : 'com.example.v1.Tested';
  return documentOf({ ...others, [name]: schema }).schema(name);
}

export function refTo(name: string): { $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}
