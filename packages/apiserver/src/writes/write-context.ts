import type { KubernetesObject } from '@client-ts/apimachinery';
import type { Cluster } from '../cluster.js';
import type { ServedResource } from '../resource-registry.js';

/** What one write is about, and how it was asked for. */
export interface WriteContext {
  readonly cluster: Cluster;
  readonly resource: ServedResource;
  /** Empty for resources of the whole cluster. */
  readonly namespace: string;
  /** `""`, or `status` and the like. */
  readonly subresource: string;
  readonly dryRun: boolean;
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict';
  /** Who the changed fields are attributed to. */
  readonly fieldManager: string;
  /**
   * Where `metadata.managedFields` come from: the write is attributed to its manager, or the written object brings them, or
   * they stay as they are.
   */
  readonly ownership: 'tracked' | 'given' | 'kept';
  /** Makes the error for an object that does not fit its types: it depends on how the object came about. */
  readonly decodeFailure: (problem: string, object: KubernetesObject) => Error;
  /** Collects the texts of `Warning` headers. */
  readonly warnings: string[];
}
