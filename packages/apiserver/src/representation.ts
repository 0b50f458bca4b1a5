import type { KubernetesObject, ListMeta } from '@client-ts/apimachinery';
import type { ServedResource } from './resource-registry.js';

/** Another shape in which objects are answered, such as a `Table`. */
export interface Representation {
  /** `object` is stored and must not be changed. */
  object(resource: ServedResource, object: KubernetesObject): unknown;
  list(resource: ServedResource, metadata: ListMeta, items: readonly KubernetesObject[]): unknown;
  /** The object of a watch event. `first` is true for the first event of a watch: a Table carries its columns once. */
  event(resource: ServedResource, object: KubernetesObject, first: boolean): unknown;
}

/** What a client asked for with `Accept: application/json;as=Table;g=meta.k8s.io;v=v1`. */
export interface RepresentationRequest {
  readonly as: string;
  readonly group: string;
  readonly version: string;
  /** The query parameters, for `includeObject`. */
  readonly query: URLSearchParams;
}

/** `undefined` when there is no such representation. */
export type Representations = (request: RepresentationRequest) => Representation | undefined;
