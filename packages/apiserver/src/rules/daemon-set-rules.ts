import type { KubernetesObject } from '@client-ts/apimachinery';
import { jsonEqual } from '../json-equal.js';
import type { ResourceRules } from './rule-set.js';

interface DaemonSet extends KubernetesObject {
  readonly spec?: { readonly template?: unknown };
}

/** Counts the changes of the template; a field of versions that are no longer served. */
export const TemplateGeneration = 'deprecated.daemonset.template.generation';

/** A daemon set shows, in an annotation that no client can set, how often its template was changed. */
export const daemonSetRules: ResourceRules = {
  initial: (object) => withTemplateGeneration(object, Math.max(templateGeneration(object), 1)),
  changed(object: DaemonSet, current: DaemonSet, subresource) {
    if (subresource !== '') return object;
    const isSame = jsonEqual(object.spec?.template, current.spec?.template);
    return withTemplateGeneration(object, templateGeneration(current) + (isSame ? 0 : 1));
  },
};

function templateGeneration({ metadata }: KubernetesObject): number {
  return Math.trunc(Number(metadata?.annotations?.[TemplateGeneration] ?? 0)) || 0;
}

function withTemplateGeneration<O extends KubernetesObject>(object: O, generation: number): O {
  const { metadata } = object;
  const annotations = { ...metadata?.annotations, [TemplateGeneration]: String(generation) };
  return { ...object, metadata: { ...metadata, annotations } };
}
