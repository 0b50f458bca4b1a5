import { formatGroupResource, type KubernetesObject } from '@client-ts/apimachinery';
import type { ServedResource } from '../resource-registry.js';
import { strategyOf } from '../strategy.js';
import { namespaceLabels } from './initial-object.js';

interface Parts extends KubernetesObject {
  spec?: unknown;
  status?: unknown;
}

/**
 * What a write makes of the stored object: each way of writing changes its part of it only, and takes the rest from what
 * is stored.
 */
export function writtenPart(
  resource: ServedResource,
  subresource: string,
  sent: KubernetesObject,
  current: KubernetesObject,
): KubernetesObject {
  const namespace = formatGroupResource(resource) === 'namespaces';
  if (subresource === 'status' || subresource === 'approval') {
    // The status of a custom resource comes alone; that of a built-in one brings its metadata.
    const base = resource.custom ? current : { ...current, metadata: sent.metadata ?? {} };
    return namespace ? labelled(replace(base, 'status', sent)) : replace(base, 'status', sent);
  }
  if (namespace) {
    const spec = subresource === 'finalize' ? sent : current;
    return labelled(replace(replace(sent, 'spec', spec), 'status', current));
  }
  return strategyOf(resource).status ? replace(sent, 'status', current) : sent;
}

/** The object with one field as another object has it, absent where it is absent there. */
function replace(object: Parts, field: 'spec' | 'status', from: Parts): Parts {
  const { [field]: _replaced, ...rest } = object;
  return from[field] === undefined ? rest : { ...rest, [field]: from[field] };
}

function labelled(object: KubernetesObject): KubernetesObject {
  return { ...object, metadata: namespaceLabels(object.metadata) };
}
