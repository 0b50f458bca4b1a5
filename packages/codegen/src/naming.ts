import type { GroupVersionFacts, ResourceFacts } from './facts.js';
import { identifier, pathSegment } from './source-text.js';

type GroupVersion = Pick<GroupVersionFacts, 'group' | 'version'>;

/** Names one declaration in one generated module. */
export interface TypeName {
  /** `apps/v1`: the module, and the subpath of the package. */
  readonly module: string;
  /** `Deployment` */
  readonly name: string;
}

/**
 * Where a type is declared: `io.k8s.api.apps.v1.Deployment` is `Deployment` in `apps/v1`. Undefined for the few types
 * outside any version, which have no declaration of their own.
 */
export function typeName(schemaName: string): TypeName | undefined {
  const [name = '', version = '', group = ''] = schemaName.split('.').toReversed();
  if (!/^v\d/.test(version)) return undefined;
  return { module: `${pathSegment(group)}/${pathSegment(version)}`, name: identifier(name) };
}

/** Groups whose types are in a package of another name than the group's first label. */
const Packages: ReadonlyMap<string, string> = new Map([
  ['', 'core'],
  ['internal.apiserver.k8s.io', 'apiserverinternal'],
]);

/** `coordination/v1` for `coordination.k8s.io/v1`, `core/v1` for `v1`: where the types are, as in Kubernetes' sources. */
export function modulePath(group: string, version: string): string {
  return `${groupLabels(Packages.get(group) ?? group)[0]}/${pathSegment(version)}`;
}

/** `CoordinationV1` for `coordination.k8s.io/v1`, `CoreV1` for `v1`: the name of a client, as in client-go. */
export function groupVersionName({ group, version }: GroupVersion): string {
  const words = [...(group === '' ? 'core' : (groupLabels(group)[0] ?? '')).split('-'), pathSegment(version)];
  return identifier(words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(''));
}

/** `apps/v1`, or `v1` for the core group. */
export function formatGroupVersion({ group, version }: GroupVersion): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The labels of an API group, which is a DNS name. */
export function groupLabels(group: string): string[] {
  return group.split('.').map(pathSegment);
}

/**
 * The plural of the kind in camel case: kinds know where words begin (`PersistentVolumeClaim`), resources know the plural
 * (`persistentvolumeclaims`). `networkpolicies` and `NetworkPolicy` give `networkPolicies`.
 */
export function resourceName({ name, kind }: Pick<ResourceFacts, 'name' | 'kind'>): string {
  let common = 0;
  while (common < kind.length && kind.charAt(common).toLowerCase() === name.charAt(common)) common++;
  return lowerFirstWord(kind.slice(0, common) + name.slice(common));
}

/** `CSIDriver` → `csiDriver`, `Pod` → `pod`, `JSON` → `json`. */
export function lowerFirstWord(name: string): string {
  return identifier(name.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (word) => word.toLowerCase()));
}

/** `ServiceAccount` → `service-account`, `CSIDriver` → `csi-driver` */
export function kebabCase(name: string): string {
  return pathSegment(
    name
      .replaceAll(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, (_, before: string, after: string, last: string) =>
        last === undefined ? `${before}-${after}` : `${last}-`,
      )
      .toLowerCase(),
  );
}

/** The name of the apply configuration of a type. */
export function applyName(type: string): string {
  return `${type}ApplyConfiguration`;
}
