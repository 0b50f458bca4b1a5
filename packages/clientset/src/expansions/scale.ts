import type { Scale, ScaleApplyConfiguration } from '@client-ts/api/autoscaling/v1';
import type { ApplyOptions, RequestOptions, ResourceDescriptor, UpdateOptions } from '@client-ts/apimachinery';
import type { RestClient } from '@client-ts/rest';
import { subresourceClient } from './subresource.js';

/** Resources with a `scale` subresource: how many replicas, whatever the kind. */
export interface ScaleSubresource {
  getScale(name: string, options?: RequestOptions): Promise<Scale>;
  /** Replaces the scale of `name`. Fails with a conflict when `metadata.resourceVersion` is set and no longer current. */
  updateScale(name: string, scale: Scale, options?: UpdateOptions): Promise<Scale>;
  /** Server-side apply of the number of replicas. */
  applyScale(name: string, scale: ScaleApplyConfiguration, options: ApplyOptions): Promise<Scale>;
}

const Type = { apiVersion: 'autoscaling/v1', kind: 'Scale' } as const;
const Subresource = { subresource: 'scale' } as const;

export function scaleSubresource(
  client: RestClient,
  descriptor: Omit<ResourceDescriptor, '$types'>,
  namespace: string,
): ScaleSubresource {
  const scales = subresourceClient<Scale, ScaleApplyConfiguration>(client, descriptor, Type.kind, namespace);
  return {
    getScale: (name, options) => scales.get(name, { ...options, ...Subresource }),
    updateScale: (name, scale, options) =>
      scales.update({ ...scale, ...Type, metadata: { ...scale.metadata, name } }, { ...options, ...Subresource }),
    applyScale: (name, scale, options) =>
      scales.apply({ ...scale, ...Type, metadata: { ...scale.metadata, name } }, { ...options, ...Subresource }),
  };
}
