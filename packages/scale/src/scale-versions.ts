import type { Scale } from '@client-ts/api/autoscaling/v1';
import { formatGroupVersion, type GroupVersionKind, type KubernetesObject } from '@client-ts/apimachinery';
import { parseSelector } from '@client-ts/apimachinery/labels';
import { UnknownScaleKindError } from './unknown-scale-kind-error.js';

/** `Scale` as it was before `autoscaling/v1`: the selector is in two forms, of which servers fill in at least one. */
interface OldScale extends Omit<Scale, 'apiVersion' | 'kind' | 'status'> {
  status?: {
    replicas: number;
    /** Labels that have to be equal; absent where a selector says more than that. */
    selector?: Record<string, string>;
    targetSelector?: string;
  };
}

/** The version that callers see, whatever the server has. */
const Newest = 'autoscaling/v1';

/** Versions whose status is that of an {@link OldScale}. */
const OldVersions = ['apps/v1beta2', 'apps/v1beta1', 'extensions/v1beta1'];

/**
 * What a server answered, as `autoscaling/v1`. Fields that are not known are kept.
 *
 * @throws UnknownScaleKindError for anything that is no `Scale`.
 */
export function toNewest(answer: KubernetesObject): Scale {
  const { apiVersion = '', kind } = answer;
  if (isScale(apiVersion, kind) && apiVersion === Newest) return answer as Scale;
  if (!isScale(apiVersion, kind)) throw unknown(answer);
  const { status, ...rest } = answer as OldScale & KubernetesObject;
  const scale = { ...rest, apiVersion: Newest, kind: 'Scale' } as const;
  if (!status) return scale;
  const { selector, targetSelector, ...counts } = status;
  const text = targetSelector || equalTo(selector ?? {});
  return { ...scale, status: text === '' ? counts : { ...counts, selector: text } };
}

/**
 * A scale in the version that a resource has, to be sent.
 *
 * @throws UnknownScaleKindError for a version that is none of Kubernetes'.
 * @throws RangeError when the status has a selector that is none.
 */
export function fromNewest(scale: Scale, wanted: GroupVersionKind): KubernetesObject {
  const apiVersion = formatGroupVersion(wanted);
  if (!isScale(apiVersion, wanted.kind)) throw unknown({ apiVersion, kind: wanted.kind });
  const { status, ...rest } = scale;
  const typed = { ...rest, apiVersion, kind: 'Scale' };
  if (!status) return typed;
  if (apiVersion === Newest) return { ...typed, status } as KubernetesObject;
  const { selector, ...counts } = status;
  return { ...typed, status: { ...counts, ...(selector ? oldSelectors(selector) : {}) } } as KubernetesObject;
}

function isScale(apiVersion: string, kind: string | undefined): boolean {
  return kind === 'Scale' && (apiVersion === Newest || OldVersions.includes(apiVersion));
}

function unknown(found: { apiVersion?: string; kind?: string }): UnknownScaleKindError {
  return new UnknownScaleKindError(found, [Newest, ...OldVersions]);
}

function equalTo(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

function oldSelectors(selector: string): Pick<NonNullable<OldScale['status']>, 'selector' | 'targetSelector'> {
  const { requirements } = parseSelector(selector);
  const isEqual = requirements.every(({ operator }) => operator === '=' || operator === '==');
  if (!isEqual) return { targetSelector: selector };
  const labels = requirements.map(({ key, values }) => [key, values[0] ?? ''] as const);
  return { selector: Object.fromEntries(labels), targetSelector: selector };
}
