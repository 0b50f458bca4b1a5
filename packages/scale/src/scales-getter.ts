import type { Scale } from '@client-ts/api/autoscaling/v1';
import type {
  GroupVersionResource,
  KubernetesObject,
  Patch,
  RequestOptions,
  WriteOptions,
} from '@client-ts/apimachinery';
import { DiscoveryClient } from '@client-ts/discovery';
import { type Config, type ResourceClient, type RestClient, restClientFor } from '@client-ts/rest';
import {
  DeferredDiscoveryRESTMapper,
  type PartialKind,
  type PartialResource,
  type RESTMapper,
} from '@client-ts/restmapper';
import { discoveryScaleKindResolver, type ScaleKindResolver } from './scale-kind-resolver.js';
import { fromNewest, toNewest } from './scale-versions.js';

/**
 * What is scaled: a resource or a kind. A descriptor, or group, version and resource, is taken as it is; what is less than that,
 * such as `{ kind: 'Deployment', group: 'apps' }` or `{ resource: 'deployments' }`, is what the RESTMapper says.
 */
export type ScaleTarget = GroupVersionResource | PartialResource | PartialKind;

export type ScaleWriteOptions = Omit<WriteOptions, 'subresource'>;

/**
 * How many replicas things have, in one namespace. Whatever version of `Scale` a resource has, this one is `autoscaling/v1`.
 *
 * Every method rejects as a `ResourceInterface` does, and as the RESTMapper does when it is asked; with an
 * `UnknownScaleKindError` when the resource is not scaled by a `Scale` of Kubernetes.
 */
export interface ScaleInterface {
  get(target: ScaleTarget, name: string, options?: RequestOptions): Promise<Scale>;
  /**
   * Replaces the scale of the object of that name. Fails with a conflict when `metadata.resourceVersion` is set and no longer
   * current, and with a `NoScaleSubresourceError` when the resource has no scale.
   */
  update(target: ScaleTarget, scale: Scale, options?: ScaleWriteOptions): Promise<Scale>;
  /** The patch is sent as it is: it is one of the version of `Scale` that the resource has. */
  patch(target: ScaleTarget, name: string, patch: Patch, options?: ScaleWriteOptions): Promise<Scale>;
}

export interface ScalesGetterOptions {
  /** Asked for what is not named in full. Default: one that discovers what the server serves when it is first needed. */
  readonly mapper?: RESTMapper | undefined;
  /** Asked before updates. Default: one that asks the server once for each resource. */
  readonly kinds?: ScaleKindResolver | undefined;
}

/**
 * Scales anything that has a `scale` subresource: Deployments, ReplicaSets, StatefulSets, ReplicationControllers, and custom
 * resources.
 *
 * @see https://pkg.go.dev/k8s.io/client-go/scale
 */
export class ScalesGetter {
  readonly #client: RestClient;
  readonly #mapper: RESTMapper;
  readonly #kinds: ScaleKindResolver;

  constructor(config: Config, options: ScalesGetterOptions = {}) {
    const discovery = new DiscoveryClient(config);
    this.#client = restClientFor(config);
    this.#mapper = options.mapper ?? new DeferredDiscoveryRESTMapper(discovery);
    this.#kinds = options.kinds ?? discoveryScaleKindResolver(discovery);
  }

  /** @param namespace - `NamespaceAll` for resources that have none. */
  scales(namespace: string): ScaleInterface {
    const subresource = 'scale';
    const verbs = (resource: GroupVersionResource): ResourceClient<KubernetesObject, unknown> => {
      const { group, version } = resource;
      const descriptor = { group, version, resource: resource.resource, kind: '', scope: 'Namespaced' } as const;
      return this.#client.resource<KubernetesObject>(descriptor, namespace);
    };
    return {
      get: async (target, name, options) => {
        const resource = await this.#resourceOf(target, options);
        return toNewest(await verbs(resource).get(name, { ...options, subresource }));
      },
      update: async (target, scale, options) => {
        const resource = await this.#resourceOf(target, options);
        const kind = await this.#kinds.scaleKindForResource(resource, { signal: options?.signal });
        return toNewest(await verbs(resource).update(fromNewest(scale, kind), { ...options, subresource }));
      },
      patch: async (target, name, patch, options) => {
        const resource = await this.#resourceOf(target, options);
        return toNewest(await verbs(resource).patch(name, patch, { ...options, subresource }));
      },
    };
  }

  async #resourceOf(target: ScaleTarget, options: RequestOptions = {}): Promise<GroupVersionResource> {
    const { signal } = options;
    if (!('resource' in target)) return this.#mapper.restMapping(target, { signal });
    const { group, version, resource } = target;
    if (group !== undefined && version) return { group, version, resource };
    return this.#mapper.resourceFor(target, { signal });
  }
}
