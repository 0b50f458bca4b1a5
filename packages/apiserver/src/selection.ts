import type { KubernetesObject } from '@client-ts/apimachinery';
import { newBadRequest } from '@client-ts/apimachinery/errors';
import { parseFieldSelector } from '@client-ts/apimachinery/fields';
import { parseSelector } from '@client-ts/apimachinery/labels';
import type { ListQuery } from './query.js';
import { selectableField } from './selectable-fields.js';
import type { ServedResource } from './resource-registry.js';

/** Which objects of a resource a list or watch shows. */
export interface Selection {
  /** Where keys start: everything, a namespace, or one object. */
  readonly prefix: string;
  /** True when there is no selector: `matches` need not be asked. */
  readonly all: boolean;
  matches(object: KubernetesObject): boolean;
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
    if (!getter) throw newBadRequest(`field label not supported: ${field}`);
    return [field, getter] as const;
  });
  const get = new Map(getters);
  return {
    prefix: resource.scope === 'Namespaced' && namespace !== '' ? `${namespace}/` : '',
    all: labels.requirements.length === 0 && fields.requirements.length === 0,
    matches: (object) =>
      labels.matches(object.metadata?.labels ?? {}) && fields.matches((field) => get.get(field)?.(object)),
  };
}

function parsed<S>(parse: (text: string) => S, text: string): S {
  try {
    return parse(text);
  } catch (error) {
    throw newBadRequest((error as Error).message);
  }
}
