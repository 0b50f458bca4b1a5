import type { ObjectMeta } from '@client-ts/apimachinery';
import { jsonType } from './body.js';

/** What a field holds, under the name that Go has for it. */
type GoType = 'string' | 'types.UID' | 'int64' | 'time' | 'map[string]string' | '[]string' | `[]v1.${string}`;

const Fields: Readonly<Record<keyof ObjectMeta, GoType>> = {
  name: 'string',
  generateName: 'string',
  namespace: 'string',
  selfLink: 'string',
  uid: 'types.UID',
  resourceVersion: 'string',
  generation: 'int64',
  creationTimestamp: 'time',
  deletionTimestamp: 'time',
  deletionGracePeriodSeconds: 'int64',
  labels: 'map[string]string',
  annotations: 'map[string]string',
  ownerReferences: '[]v1.OwnerReference',
  finalizers: '[]string',
  managedFields: '[]v1.ManagedFieldsEntry',
};

type Elements = Readonly<Record<string, 'string' | 'bool' | 'time'>>;

/** What the elements of lists hold, under the name that Go has for them. */
const ElementFields: Readonly<Record<string, Elements>> = {
  OwnerReference: {
    apiVersion: 'string',
    kind: 'string',
    name: 'string',
    uid: 'string',
    controller: 'bool',
    blockOwnerDeletion: 'bool',
  },
  ManagedFieldsEntry: {
    manager: 'string',
    operation: 'string',
    apiVersion: 'string',
    time: 'time',
    fieldsType: 'string',
    subresource: 'string',
  },
};

/**
 * Why metadata does not fit its type, in the words of a real server, which decodes it into a Go struct. After this check
 * every field has its type or is `null`, so that no rule has to expect anything else.
 *
 * @param kind - of the built-in object that is decoded as a whole; custom resources' metadata is decoded by itself.
 */
export function metadataTypeProblem(metadata: unknown, kind?: string): string | undefined {
  if (metadata === undefined || metadata === null) return undefined;
  if (jsonType(metadata) !== 'object') {
    const into = kind === undefined ? 'value' : `struct field ${kind}.metadata`;
    return `json: cannot unmarshal ${jsonType(metadata)} into Go ${into} of type v1.ObjectMeta`;
  }
  for (const [field, type] of Object.entries(Fields)) {
    const value = (metadata as Record<string, unknown>)[field];
    if (value === undefined || value === null) continue;
    const path = kind === undefined ? field : `metadata.${field}`;
    const problem = fieldProblem(value, type, `ObjectMeta.${path}`) ?? elementFieldProblem(value, type, path);
    if (problem) return problem;
  }
  return undefined;
}

function fieldProblem(value: unknown, type: GoType, path: string): string | undefined {
  switch (type) {
    case 'string':
    case 'types.UID':
      return typeof value === 'string' ? undefined : mismatch(value, path, type);
    case 'int64':
      return Number.isInteger(value) ? undefined : mismatch(value, path, type);
    case 'time':
      return timeProblem(value);
    case 'map[string]string':
      if (jsonType(value) !== 'object') return mismatch(value, path, type);
      return elementProblem(Object.values(value as object), 'string', 'string', path);
    case '[]string':
      if (!Array.isArray(value)) return mismatch(value, path, type);
      return elementProblem(value, 'string', 'string', path);
    default:
      if (!Array.isArray(value)) return mismatch(value, path, type);
      return elementProblem(value, 'object', type.slice('[]'.length), path);
  }
}

function elementProblem(elements: readonly unknown[], json: string, go: string, path: string): string | undefined {
  const odd = elements.find((element) => element !== null && jsonType(element) !== json);
  return odd === undefined ? undefined : mismatch(odd, path, go);
}

function elementFieldProblem(elements: unknown, type: GoType, path: string): string | undefined {
  const [, name = ''] = type.split('v1.');
  const fields = Object.hasOwn(ElementFields, name) ? ElementFields[name] : undefined;
  if (!fields) return undefined;
  for (const element of elements as readonly (Readonly<Record<string, unknown>> | null)[]) {
    for (const [field, fieldType] of Object.entries(fields)) {
      const value = element?.[field];
      if (value === undefined || value === null) continue;
      const problem = fieldType === 'time' ? timeProblem(value) : undefined;
      if (problem) return problem;
      if (fieldType !== 'time' && jsonType(value) !== fieldType) {
        return mismatch(value, `${name}.${path}.${field}`, fieldType);
      }
    }
  }
  return undefined;
}

function timeProblem(value: unknown): string | undefined {
  if (typeof value !== 'string') return `json: cannot unmarshal ${jsonType(value)} into Go value of type string`;
  const wellFormed = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value);
  if (wellFormed && !Number.isNaN(Date.parse(value))) return undefined;
  const quoted = JSON.stringify(value);
  return `parsing time ${quoted} as "2006-01-02T15:04:05Z07:00": cannot parse ${quoted} as "2006"`;
}

function mismatch(value: unknown, path: string, type: string): string {
  return `json: cannot unmarshal ${jsonType(value)} into Go struct field ${path} of type ${type}`;
}
