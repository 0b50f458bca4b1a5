import type { Clock } from '@client-ts/apimachinery';
import type { Representations } from '../representation.js';
import { partialMetadataRepresentation } from './partial-metadata.js';
import { parseIncludeObject, tableRepresentation } from './table.js';

/** The representations of `meta.k8s.io`: Tables, and metadata alone. Ages are as of the clock. */
export function metaRepresentations(clock: Pick<Clock, 'now'>): Representations {
  return ({ as, group, version, query }) => {
    if (group !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) return undefined;
    const apiVersion = `${group}/${version}`;
    switch (as) {
      case 'Table':
        return tableRepresentation(apiVersion, parseIncludeObject(query.get('includeObject')), () => clock.now());
      case 'PartialObjectMetadata':
      case 'PartialObjectMetadataList':
        return partialMetadataRepresentation(as, apiVersion);
      default:
        return undefined;
    }
  };
}
