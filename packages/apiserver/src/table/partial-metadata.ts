import type { KubernetesObject, ListMeta } from '@client-ts/apimachinery';
import { newStatusError } from '@client-ts/apimachinery/errors';
import type { Representation } from '../representation.js';
import type { ServedResource } from '../resource-registry.js';

/** An object without anything but its metadata. `apiVersion` is that of the representation: `meta.k8s.io/v1`. */
export function partialMetadata({ metadata }: KubernetesObject, apiVersion: string): KubernetesObject {
  return { kind: 'PartialObjectMetadata', apiVersion, metadata: metadata ?? {} };
}

/** `as=PartialObjectMetadata` for objects, and `as=PartialObjectMetadataList` for lists. */
export function partialMetadataRepresentation(
  kind: 'PartialObjectMetadata' | 'PartialObjectMetadataList',
  apiVersion: string,
): Representation {
  const isList = kind === 'PartialObjectMetadataList';
  return {
    object(resource, object) {
      if (isList)
        throw unfit(`you requested ${kind}, but the requested object is not a list (${goType(resource, '')})`);
      return partialMetadata(object, apiVersion);
    },
    list(resource, metadata: ListMeta, items) {
      if (!isList)
        throw unfit(`you requested ${kind}, but the requested object is a list (${goType(resource, 'List')})`);
      return { kind, apiVersion, metadata, items: items.map((item) => partialMetadata(item, apiVersion)) };
    },
    event: (_resource, object) => partialMetadata(object, apiVersion),
  };
}

function unfit(message: string): Error {
  return newStatusError(406, 'NotAcceptable', message);
}

function goType({ kind, group }: ServedResource, suffix: string): string {
  return `*${group === '' ? 'core' : group.split('.')[0]}.${kind}${suffix}`;
}
