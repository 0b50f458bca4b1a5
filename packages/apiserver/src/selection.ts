import type { KubernetesObject } from '@client-ts/apimachinery';
import { newBadRequest } from '@client-ts/apimachinery/errors';
import { parseFieldSelector } from '@client-ts/apimachinery/fields';
import { parseSelector } from '@client-ts/apimachinery/labels';
import { keyOf } from './cluster.js';
import { converts, fromStorage } from './conversion/conversion.js';
import type { ListQuery } from './query.js';
import { selectableField, unsupportedField } from './selectable-fields.js';
import type { ServedResource } from './resource-registry.js';

/** Which objects of a resource a list or watch shows. */
export interface Selection {
  /** Where keys start: everything, a namespace, or one object. */
  readonly prefix: string;
  /** The one key that can match, where the selectors name it. */
  readonly key: string | undefined;
  /** True when there is no selector: `matches` need not be asked. */
  readonly all: boolean;
  /** @param stored - in the version in which it is stored. */
  matches(stored: KubernetesObject): boolean;
}

/** @throws StatusError 400 for a selector that cannot be parsed, or a field that the resource does not offer. */
export function selectionOf(
  resource: ServedResource,
  namespace: string,
  query: Pick<ListQuery, 'labelSelector' | 'fieldSelector'>,
): Selection {
  const labels = parsed(parseSelector, query.labelSelector);
  const fields = parsed(parseFieldSelector, query.fieldSelector);
  const getters = fields.requirements.map(({ field }) => {
    const getter = selectableField(resource, field);
    if (!getter) throw newBadRequest(unsupportedField(resource, field));
    return [field, getter] as const;
  });
  const get = new Map(getters);
  const name = fields.requirements.find(({ field, operator }) => field === 'metadata.name' && operator === '=')?.value;
  const named = name !== undefined && (resource.scope === 'Cluster' || namespace !== '');
  return {
    key: named ? keyOf(resource, namespace, name) : undefined,
    prefix: resource.scope === 'Namespaced' && namespace !== '' ? `${namespace}/` : '',
    all: labels.requirements.length === 0 && fields.requirements.length === 0,
    matches(stored) {
      if (!labels.matches(stored.metadata?.labels ?? {})) return false;
      const object = converts(resource) ? fromStorage(resource, stored) : stored;
      return fields.matches((field) => get.get(field)?.(object));
    },
  };
}

function parsed<S>(parse: (text: string) => S, text: string): S {
  try {
    return parse(text);
  } catch (error) {
    throw newBadRequest((error as Error).message);
  }
}
