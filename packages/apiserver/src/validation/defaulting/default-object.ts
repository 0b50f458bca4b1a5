import type { ApiSchema, ValueSchema } from '@client-ts/api/schema';
import { copyOf, type Fields, isFields, setDefaults } from '../json-fields.js';
import { typeFacts } from '../type-facts.js';
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
  const facts = typeFacts(schema, typeName);
  if (!facts) return;
  const { name, defaulted } = facts;
  ComputedDefaults[name]?.(fields);
  const fixed = FixedDefaults[name];
  if (fixed) setDefaults(fields, fixed);
  for (const [field, value] of defaulted) {
    if (fields[field] === undefined && !OmittedZeros.has(`${name}.${field}`)) fields[field] = copyOf(value);
  }
  for (const [field, value] of Object.entries(fields)) {
    const fieldSchema = facts.fields[field];
    if (fieldSchema) defaultValue(schema, fieldSchema, value);
  }
}

function defaultValue(schema: ApiSchema, { ref, items }: ValueSchema, value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (ref !== undefined && isFields(value)) defaultObject(schema, ref, value);
  if (!items) return;
  for (const item of Object.values(value)) defaultValue(schema, items, item);
}
