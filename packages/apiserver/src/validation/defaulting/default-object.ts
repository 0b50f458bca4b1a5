import type { ApiSchema, FieldSchema, ValueSchema } from '@client-ts/api/schema';
import { type Fields, isFields, setDefaults } from '../json-fields.js';
import { ComputedDefaults } from './computed-defaults.js';
import { FixedDefaults } from './fixed-defaults.js';

/** Optional fields whose zero value Go leaves out, though the schema calls it their default. */
const OmittedZeros: ReadonlySet<string> = new Set([
  'autoscaling.v1.ScaleSpec.replicas',
  'core.v1.ConfigMapEnvSource.name',
  'core.v1.ConfigMapKeySelector.name',
  'core.v1.ConfigMapProjection.name',
  'core.v1.ConfigMapVolumeSource.name',
  'core.v1.LocalObjectReference.name',
  'core.v1.NodeRuntimeHandler.name',
  'core.v1.ReplicationControllerSpec.minReadySeconds',
  'core.v1.SecretEnvSource.name',
  'core.v1.SecretKeySelector.name',
  'core.v1.SecretProjection.name',
]);

/**
 * Puts defaults into an object that was decoded as a type: those of the facts, and those that a real server sets in code.
 * From the outside in, so that what a default brings gets its own defaults.
 *
 * @param fields - changed in place.
 */
export function defaultObject(schema: ApiSchema, typeName: string, fields: Fields): void {
  const type = schema.types[typeName];
  if (!type?.fields) return;
  const name = shortName(typeName);
  ComputedDefaults[name]?.(fields);
  setDefaults(fields, FixedDefaults[name] ?? {});
  for (const [fieldName, field] of Object.entries(type.fields)) {
    const value = defaultOf(field, `${name}.${fieldName}`);
    if (fields[fieldName] === undefined && value !== undefined) fields[fieldName] = structuredClone(value);
    defaultValue(schema, field, fields[fieldName]);
  }
}

function defaultOf(field: FieldSchema, name: string): unknown {
  return OmittedZeros.has(name) ? undefined : field.default;
}

function defaultValue(schema: ApiSchema, { ref, items }: ValueSchema, value: unknown): void {
  if (ref !== undefined && isFields(value)) defaultObject(schema, ref, value);
  if (!items || typeof value !== 'object' || value === null) return;
  for (const item of Object.values(value)) defaultValue(schema, items, item);
}

/** `io.k8s.api.core.v1.Pod` is `core.v1.Pod` in the tables. */
export function shortName(typeName: string): string {
  return typeName.replace(/^io\.k8s\.(?:api\.|(?:apiextensions-apiserver\.pkg\.apis\.)?)/, '');
}
