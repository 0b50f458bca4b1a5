import type { StatusCause } from '@client-ts/apimachinery/errors';
import { duplicate } from '../../rules/causes.js';
import { isFields } from '../json-fields.js';
import { type JsonSchema, stringsAt } from './json-schema.js';

/** Elements that stand twice in a list of type `set`, or of type `map` under the same keys. */
export function duplicateElements(list: readonly unknown[], schema: JsonSchema, path: string): StatusCause[] {
  const identify = identityOf(schema);
  if (!identify) return [];
  const seen = new Set<string>();
  return list.flatMap((element, i) => {
    const identity = identify(element);
    const key = JSON.stringify(identity);
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [duplicate(`${path}[${i}]`, identity)];
  });
}

/** The element of a list that another one stands for, in a list whose elements can be told apart. */
export function counterpart(element: unknown, others: readonly unknown[], schema: JsonSchema): unknown {
  const identify = identityOf(schema);
  if (!identify) return undefined;
  const key = JSON.stringify(identify(element));
  return others.find((other) => JSON.stringify(identify(other)) === key);
}

function identityOf(schema: JsonSchema): ((element: unknown) => unknown) | undefined {
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      return sorted;
    case 'map': {
      const keys = stringsAt(schema, 'x-kubernetes-list-map-keys').toSorted();
      return (element) => Object.fromEntries(keys.map((key) => [key, isFields(element) ? element[key] : undefined]));
    }
    default:
      return undefined;
  }
}

/** The value with the fields of objects in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isFields(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, field]) => [name, sorted(field)]));
}
