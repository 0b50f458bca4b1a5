import { type KubernetesObject, type ObjectMeta, parseGroupVersion } from '@client-ts/apimachinery';
import { type Cluster, collectionOf, keyOf } from './cluster.js';
import { fromStorage, toStorage } from './conversion/conversion.js';
import type { DefinitionController } from './custom-resources/definition-controller.js';
import type { ObjectChecker } from './object-checker.js';
import type { ServedResource } from './resource-registry.js';
import { StoredObject } from './stored-object.js';
import { createObject } from './writes/create-object.js';
import { cleanMetadata } from './writes/object-metadata.js';
import type { WriteContext } from './writes/write-context.js';

/** The namespaces that every server has. */
const SystemNamespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

interface Seed extends KubernetesObject {
  readonly status?: unknown;
}

/** Puts the first objects on a server: its own namespaces, and what was given, as it was given. */
export function seed(cluster: Cluster, definitions: DefinitionController, objects: readonly KubernetesObject[]): void {
  const needed = objects.map(({ metadata }) => metadata?.namespace ?? '').filter((name) => name !== '');
  const given = new Set(objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata?.name));
  for (const name of new Set([...SystemNamespaces, ...needed])) {
    if (!given.has(name)) put(cluster, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  const first = ['CustomResourceDefinition', 'Namespace'];
  const order = ({ kind = '' }: KubernetesObject): number =>
    first.includes(kind) ? first.indexOf(kind) : first.length;
  for (const object of objects.toSorted((a, b) => order(a) - order(b))) {
    put(cluster, object);
    definitions.sync();
  }
}

/** Creates an object, keeping what a client could not set: its status, uid and times. */
function put(cluster: Cluster, given: KubernetesObject): void {
  const object = JSON.parse(JSON.stringify(given)) as Seed;
  const resource = resourceOf(cluster, object);
  const namespace = resource.scope === 'Namespaced' ? (object.metadata?.namespace ?? 'default') : '';
  const context: WriteContext = {
    cluster: { ...cluster, check: lenient(cluster.check) },
    resource,
    namespace,
    subresource: '',
    dryRun: true,
    fieldValidation: 'Ignore',
    fieldManager: '',
    ownership: 'given',
    decodeFailure: (problem) => new TypeError(`objects: ${object.kind} ${object.metadata?.name}: ${problem}`),
    warnings: [],
  };
  const made = fromStorage(resource, createObject(context, object).object);
  const seeded: Seed = {
    ...made,
    metadata: cleanMetadata({ ...made.metadata, ...systemMetadata(object.metadata ?? {}) }),
    ...(object.status === undefined ? {} : { status: object.status }),
  };
  const key = keyOf(resource, namespace, seeded.metadata?.name ?? '');
  const stored = new StoredObject(toStorage(resource, seeded, undefined));
  collectionOf(cluster, resource).put(key, (revision) => stored.at(revision));
}

const SystemFields = [
  'uid',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const;

function systemMetadata(metadata: ObjectMeta): ObjectMeta {
  return Object.fromEntries(
    SystemFields.filter((field) => metadata[field] !== undefined).map((field) => [field, metadata[field]]),
  );
}

function resourceOf(cluster: Cluster, { apiVersion = '', kind = '' }: KubernetesObject): ServedResource {
  const groupVersion = parseGroupVersion(apiVersion);
  const found = cluster.registry.resources(groupVersion).find((resource) => resource.kind === kind);
  if (!found) throw new TypeError(`objects: the server has no resource for kind ${kind} in version ${apiVersion}`);
  return found;
}

/** What is on a server may be older than its rules: it has its defaults, and need not be valid. */
function lenient(check: ObjectChecker): ObjectChecker {
  return (input) => ({ ...check(input), causes: [] });
}
