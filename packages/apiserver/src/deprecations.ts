import { formatGroupResource, formatGroupVersion } from '@client-ts/apimachinery';
import type { ServedResource } from './resource-registry.js';

/** Built-in resources that warn whoever uses them. */
const BuiltIn: Readonly<Record<string, string>> = {
  'v1 componentstatuses': 'v1 ComponentStatus is deprecated in v1.19+',
  'v1 endpoints': 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
};

/** What to warn of when a resource is used; `undefined` for one that is not deprecated. */
export function deprecationOf(resource: ServedResource): string | undefined {
  if (resource.custom) return resource.custom.deprecationWarning;
  const key = `${formatGroupVersion(resource)} ${formatGroupResource(resource)}`;
  return Object.hasOwn(BuiltIn, key) ? BuiltIn[key] : undefined;
}
