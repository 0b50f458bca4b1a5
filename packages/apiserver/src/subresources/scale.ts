import { formatGroupResource, type KubernetesObject } from '@client-ts/apimachinery';
import { newInternalError, newInvalid } from '@client-ts/apimachinery/errors';
import { type LabelSelector, selectorFromLabelSelector } from '@client-ts/apimachinery/labels';
import type { ServedResource } from '../resource-registry.js';
import { invalid } from '../rules/causes.js';

/** `autoscaling/v1` Scale: how many replicas an object wants and has, whatever its kind. */
export interface Scale extends KubernetesObject {
  readonly spec?: { readonly replicas?: number | null };
  readonly status?: { readonly replicas: number; readonly selector?: string };
}

export const ScaleKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' } as const;

/** Where an object keeps what a scale shows. */
interface Paths {
  readonly spec: readonly string[];
  readonly status: readonly string[];
  /** Of a selector as text; built-in resources have a structured one. */
  readonly selector: readonly string[] | undefined;
}

/** @throws StatusError 500 for a custom resource without replicas, of which there is no scale to be seen. */
export function requireReplicas(resource: ServedResource, object: KubernetesObject): void {
  const { spec } = pathsOf(resource);
  if (!resource.custom || read(object, spec) !== undefined) return;
  throw newInternalError(`the spec replicas field ${JSON.stringify(`.${spec.join('.')}`)} does not exist`);
}

/** @param object - as the version of `resource` shows it. */
export function scaleOf(resource: ServedResource, object: KubernetesObject): Scale {
  const paths = pathsOf(resource);
  const replicas = read(object, paths.spec);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata ?? {};
  const selector = selectorText(resource, object, paths);
  return {
    kind: ScaleKind.kind,
    apiVersion: 'autoscaling/v1',
    metadata: {
      name: name ?? '',
      ...(namespace === undefined ? {} : { namespace }),
      uid: uid ?? '',
      resourceVersion: resourceVersion ?? '',
      creationTimestamp: creationTimestamp ?? '',
    },
    spec: replicas ? { replicas: count(replicas) } : {},
    status: { replicas: count(read(object, paths.status)), ...(selector === '' ? {} : { selector }) },
  };
}

/** The object with the number of replicas that a scale asks for. @throws StatusError 422 for a negative one. */
export function withScale(resource: ServedResource, object: KubernetesObject, scale: Scale): KubernetesObject {
  const replicas = scale.spec?.replicas ?? 0;
  const name = object.metadata?.name ?? '';
  if (replicas < 0) {
    throw resource.custom
      ? newInvalid(resource, name, [
          invalid(`.${pathsOf(resource).spec.join('.')}`, replicas, 'should be a non-negative integer'),
        ])
      : newInvalid(ScaleKind, name, [invalid('spec.replicas', replicas, 'must be greater than or equal to 0')]);
  }
  const { resourceVersion } = scale.metadata ?? {};
  const metadata = { ...object.metadata, ...(resourceVersion ? { resourceVersion } : {}) };
  return write({ ...object, metadata }, pathsOf(resource).spec, replicas) as KubernetesObject;
}

/** Where the object keeps the number of replicas, field by field. */
export function replicasPath(resource: ServedResource): readonly string[] {
  return pathsOf(resource).spec;
}

/** Why a decoded scale does not fit its type, in the words of Go's decoder. */
export function scaleTypeProblem({ spec }: { readonly spec?: unknown }): string | undefined {
  if (spec === undefined || spec === null) return undefined;
  if (typeof spec !== 'object' || Array.isArray(spec)) {
    return 'json: cannot unmarshal value into Go struct field Scale.spec of type v1.ScaleSpec';
  }
  const { replicas } = spec as { replicas?: unknown };
  if (replicas === undefined || replicas === null || Number.isInteger(replicas)) return undefined;
  return `json: cannot unmarshal ${typeof replicas} into Go struct field ScaleSpec.spec.replicas of type int32`;
}

function pathsOf({ custom }: ServedResource): Paths {
  const parts = (path: string): string[] => path.split('.').filter((part) => part !== '');
  const scale = custom?.scale;
  return {
    spec: parts(scale?.specReplicasPath ?? '.spec.replicas'),
    status: parts(scale?.statusReplicasPath ?? '.status.replicas'),
    selector: scale?.labelSelectorPath === undefined ? undefined : parts(scale.labelSelectorPath),
  };
}

function selectorText(resource: ServedResource, object: KubernetesObject, { selector: path }: Paths): string {
  if (resource.custom) {
    const text = path && read(object, path);
    return typeof text === 'string' ? text : '';
  }
  const selector = read(object, ['spec', 'selector']);
  if (selector === undefined) return '';
  const isPlain = formatGroupResource(resource) === 'replicationcontrollers';
  const labelSelector = isPlain ? { matchLabels: selector as Record<string, string> } : (selector as LabelSelector);
  return selectorFromLabelSelector(labelSelector).toString();
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function read(value: unknown, path: readonly string[]): unknown {
  for (const field of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return undefined;
    value = (value as Record<string, unknown>)[field];
  }
  return value;
}

/** A copy with the value at a path; what is in the way is replaced. */
function write(value: unknown, path: readonly string[], leaf: unknown): unknown {
  const [field, ...rest] = path;
  if (field === undefined) return leaf;
  const parent = typeof value === 'object' && value !== null ? value : {};
  const child = Object.hasOwn(parent, field) ? (parent as Record<string, unknown>)[field] : undefined;
  return Object.fromEntries([...Object.entries(parent), [field, write(child, rest, leaf)]]);
}
