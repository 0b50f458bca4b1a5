import { formatGroupResource, formatGroupVersion, type KubernetesObject } from '@client-ts/apimachinery';
import type { ServedResource } from '../resource-registry.js';
import { autoscalerConversion } from './autoscaler-conversion.js';
import { eventConversion } from './event-conversion.js';
import type { VersionConversion } from './version-conversion.js';

/** Versions of built-in resources whose fields differ from the stored version's. */
const Conversions: Readonly<Record<string, VersionConversion>> = {
  'autoscaling/v1 horizontalpodautoscalers.autoscaling': autoscalerConversion,
  'events.k8s.io/v1 events.events.k8s.io': eventConversion,
};

/** The object as the version of `resource` shows it; the same one where that is how it is stored. */
export function fromStorage(resource: ServedResource, stored: KubernetesObject): KubernetesObject {
  const conversion = conversionOf(resource);
  const converted = conversion ? conversion.fromStorage(stored) : stored;
  const apiVersion = formatGroupVersion(resource);
  return converted.apiVersion === apiVersion ? converted : { ...converted, apiVersion };
}

/** The object as it is stored. */
export function toStorage(
  resource: ServedResource,
  object: KubernetesObject,
  current: KubernetesObject | undefined,
): KubernetesObject {
  const conversion = conversionOf(resource);
  const converted = conversion ? conversion.toStorage(object, current) : object;
  const version = resource.custom?.storageVersion ?? resource.version;
  const apiVersion = conversion?.storage ?? formatGroupVersion({ group: resource.group, version });
  return converted.apiVersion === apiVersion ? converted : { ...converted, apiVersion };
}

/** Whether the version of `resource` has other fields than the stored one. */
export function converts(resource: ServedResource): boolean {
  return conversionOf(resource) !== undefined;
}

function conversionOf(resource: ServedResource): VersionConversion | undefined {
  if (resource.custom) return undefined;
  const key = `${formatGroupVersion(resource)} ${formatGroupResource(resource)}`;
  return Object.hasOwn(Conversions, key) ? Conversions[key] : undefined;
}
