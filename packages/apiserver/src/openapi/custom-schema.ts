import { formatGroupVersion } from '@client-ts/apimachinery';
import type { ServedResource } from '../resource-registry.js';
import { type OpenApiSchema, schemaRef } from './component-schema.js';
import { ListMetaType, ObjectMetaType } from './type-names.js';

const Text = { type: 'string' };

/** What every object has, whether its CRD says so or not. */
const ObjectFields = { apiVersion: Text, kind: Text, metadata: schemaRef(ObjectMetaType) };

/** The published schema of a custom resource: the CRD's own, and what belongs to every object. */
export function customSchema({ group, version, kind, custom }: ServedResource): OpenApiSchema {
  const declared = custom?.schema ?? { 'x-kubernetes-preserve-unknown-fields': true };
  const { properties, ...rest } = published(declared);
  return {
    type: 'object',
    ...rest,
    properties: { ...(properties as object | undefined), ...ObjectFields },
    'x-kubernetes-group-version-kind': [{ group, version, kind }],
  };
}

export function customListSchema({ group, version, listKind, resource }: ServedResource, item: string): OpenApiSchema {
  return {
    description: `A list of ${resource} of ${formatGroupVersion({ group, version })}.`,
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: Text,
      kind: Text,
      metadata: schemaRef(ListMetaType),
      items: { type: 'array', items: schemaRef(item) },
    },
    'x-kubernetes-group-version-kind': [{ group, version, kind: listKind }],
  };
}

/** Spells out what extensions mean, for readers that do not know them. */
function published(schema: OpenApiSchema): OpenApiSchema {
  const { properties, items, additionalProperties } = schema;
  return {
    ...schema,
    ...(schema['x-kubernetes-int-or-string'] === true && schema['anyOf'] === undefined
      ? { anyOf: [{ type: 'integer' }, { type: 'string' }] }
      : {}),
    ...(isObject(items) ? { items: published(items) } : {}),
    ...(isObject(additionalProperties) ? { additionalProperties: published(additionalProperties) } : {}),
    ...(isObject(properties) ? { properties: publishedProperties(properties) } : {}),
    ...(schema['x-kubernetes-embedded-resource'] === true
      ? {
          properties: { ...(isObject(properties) ? publishedProperties(properties) : {}), ...ObjectFields },
          required: [...new Set([...((schema['required'] as string[] | undefined) ?? []), 'kind', 'apiVersion'])],
        }
      : {}),
  };
}

function publishedProperties(properties: OpenApiSchema): OpenApiSchema {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, isObject(schema) ? published(schema) : schema]),
  );
}

function isObject(value: unknown): value is OpenApiSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
