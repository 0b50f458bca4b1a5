import type { ApiSchema, ValueSchema } from '@client-ts/api/schema';
import type { StatusCause } from '@client-ts/apimachinery/errors';
import { defaultObject } from '../defaulting/default-object.js';
import { type Fields, isFields } from '../json-fields.js';
import { typeFacts } from '../type-facts.js';
import { withClaimedVolumes } from './claimed-volumes.js';
import { ContainerRules } from './container-rules.js';
import { DataRules } from './data-rules.js';
import { genericProblems } from './generic-rules.js';
import { PodRules } from './pod-rules.js';
import type { Rule } from './rule.js';
import { ServiceRules } from './service-rules.js';
import { UpdateRules } from './update-rules.js';
import { VolumeRules } from './volume-rules.js';
import { WholeObjectRules } from './whole-object-rules.js';
import { WorkloadRules } from './workload-rules.js';

const Rules: Readonly<Record<string, Rule>> = {
  ...ContainerRules,
  ...DataRules,
  ...PodRules,
  ...ServiceRules,
  ...VolumeRules,
  ...WorkloadRules,
};

/**
 * What is wrong with an object, beyond the types of its fields, from the outside in. Metadata is checked by itself, and
 * whoever writes a status is believed.
 *
 * @param fields - decoded and defaulted.
 */
export function objectProblems(schema: ApiSchema, typeName: string, fields: Fields, old?: Fields): StatusCause[] {
  const facts = typeFacts(schema, typeName);
  if (!facts) return [];
  const { metadata: _metadata, status: _status, ...checked } = fields;
  return [
    ...(WholeObjectRules[facts.name]?.(fields) ?? []),
    ...structProblems(
      schema,
      typeName,
      facts.name === 'apps.v1.StatefulSet' ? withClaimedVolumes(checked) : checked,
      '',
    ),
    ...(old ? updateProblems(schema, typeName, fields, old) : []),
  ];
}

/** What was stored before a default existed has not been changed by the default. */
function updateProblems(schema: ApiSchema, typeName: string, fields: Fields, old: Fields): StatusCause[] {
  const rule = UpdateRules[typeFacts(schema, typeName)?.name ?? ''];
  if (!rule) return [];
  const before = structuredClone(old);
  defaultObject(schema, typeName, before);
  return rule(fields, before);
}

function structProblems(schema: ApiSchema, typeName: string, fields: Fields, path: string): StatusCause[] {
  const facts = typeFacts(schema, typeName);
  if (!facts) return [];
  const causes = [...genericProblems(facts, fields, path), ...(Rules[facts.name]?.(fields, path) ?? [])];
  for (const [name, value] of Object.entries(fields)) {
    const field = facts.fields[name];
    if (field) causes.push(...valueProblems(schema, field, value, path === '' ? name : `${path}.${name}`));
  }
  return causes;
}

function valueProblems(schema: ApiSchema, { ref, items }: ValueSchema, value: unknown, path: string): StatusCause[] {
  if (ref !== undefined) return isFields(value) ? structProblems(schema, ref, value, path) : [];
  if (!items) return [];
  if (Array.isArray(value)) return value.flatMap((item, i) => valueProblems(schema, items, item, `${path}[${i}]`));
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => valueProblems(schema, items, item, `${path}[${key}]`));
}
