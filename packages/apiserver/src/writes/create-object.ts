import { formatGroupResource, type KubernetesObject, type ObjectMeta } from '@client-ts/apimachinery';
import {
  newAlreadyExists,
  newForbidden,
  newInvalid,
  newNotFound,
  newStatusError,
} from '@client-ts/apimachinery/errors';
import { managedFieldsAfterWrite } from '../apply/field-manager.js';
import { collectionOf, keyOf } from '../cluster.js';
import { toStorage } from '../conversion/conversion.js';
import { Definitions } from '../custom-resources/definition.js';
import { resourceVersionProblem } from '../query.js';
import { nameRuleOf } from '../rules/name-rules.js';
import { rulesOf } from '../rules/resource-rules.js';
import { StoredObject } from '../stored-object.js';
import { strategyOf } from '../strategy.js';
import { checked } from './checked.js';
import { withDistinctOwners } from './distinct-owners.js';
import { initialObject } from './initial-object.js';
import { metadataProblems } from './metadata-rules.js';
import { cleanMetadata } from './object-metadata.js';
import { generateName, generateUid } from './random-names.js';
import { timeNow } from './time-text.js';
import type { WriteContext } from './write-context.js';

/** How often a server tries another random suffix when a generated name is taken. */
const GenerateNameAttempts = 8;

/**
 * Stores a new object.
 *
 * @param sent - as decoded; given away.
 * @param text - its JSON, where it came as JSON.
 * @throws StatusError as a real server answers.
 */
export function createObject(context: WriteContext, sent: KubernetesObject, text?: string): StoredObject {
  const { cluster, resource, namespace, dryRun } = context;
  const collection = collectionOf(cluster, resource);
  const rules = rulesOf(resource);
  const { object, causes } = checked(context, { operation: 'create', object: sent, text });
  requireActiveNamespace(context, object.metadata ?? {});
  requireActiveDefinition(context, object.metadata ?? {});
  const sentMetadata = withDistinctOwners(object.metadata ?? {}, context.warnings);
  const { name: wanted, generateName: prefix, resourceVersion } = sentMetadata;
  for (let attempt = 1; ; attempt++) {
    const name = wanted || (prefix ? generateName(prefix, cluster.clock) : '');
    const metadata = newMetadata(context, sentMetadata, name);
    const made = initialObject(resource, { ...object, metadata }, timeNow(cluster.clock));
    const problems = [
      ...metadataProblems(made.metadata ?? {}, rules.name?.(made) ?? nameRuleOf(resource)),
      ...(rules.problems?.(made, undefined, '') ?? []),
      ...causes,
    ];
    if (problems.length > 0) throw newInvalid(resource, name, problems);
    if (resourceVersion && resourceVersion !== '0' && !dryRun && !resourceVersionProblem(resourceVersion)) {
      throw newStatusError(500, '', 'resourceVersion should not be set on objects to be created');
    }
    const owned = withOwners(context, made, { ...object, metadata: sentMetadata });
    const key = keyOf(resource, namespace, name);
    if (collection.get(key)) {
      if (wanted || attempt === GenerateNameAttempts) throw newAlreadyExists(resource, name);
      continue;
    }
    const stored = new StoredObject(toStorage(resource, owned, undefined));
    return dryRun ? stored : collection.put(key, (revision) => stored.at(revision)).value;
  }
}

/**
 * A new object with its owners. Its manager owns what it sent and what that means by default, not what the server adds.
 *
 * @param sent - as decoded, with its defaults.
 */
function withOwners(context: WriteContext, made: KubernetesObject, sent: KubernetesObject): KubernetesObject {
  if (context.ownership !== 'tracked') return made;
  const { deletionTimestamp: _time, deletionGracePeriodSeconds: _grace, ...metadata } = sent.metadata ?? {};
  const managedFields = managedFieldsAfterWrite(context, metadata.managedFields, undefined, {
    ...sent,
    metadata: cleanMetadata(metadata),
  });
  return { ...made, metadata: cleanMetadata({ ...made.metadata, managedFields }) };
}

function newMetadata({ cluster, resource, namespace }: WriteContext, sent: ObjectMeta, name: string): ObjectMeta {
  return cleanMetadata({
    ...sent,
    name,
    namespace: resource.scope === 'Namespaced' ? namespace : undefined,
    uid: generateUid(cluster.clock),
    resourceVersion: undefined,
    creationTimestamp: timeNow(cluster.clock),
    deletionTimestamp: undefined,
    deletionGracePeriodSeconds: undefined,
    generation: strategyOf(resource).generation ? 1 : undefined,
  });
}

/** The namespace lifecycle: nothing is created in a namespace that does not exist or is going away. */
function requireActiveNamespace({ cluster, resource, namespace }: WriteContext, metadata: ObjectMeta): void {
  if (resource.scope !== 'Namespaced') return;
  const namespaces = { group: '', resource: 'namespaces' };
  const found = collectionOf(cluster, namespaces).get(namespace)?.value.object;
  if (!found) throw newNotFound(namespaces, namespace);
  if (found.metadata?.deletionTimestamp === undefined) return;
  const error = newForbidden(
    resource,
    nameOrPrefix(metadata),
    `unable to create new content in namespace ${namespace} because it is being terminated`,
  );
  const message = `namespace ${namespace} is being terminated`;
  const cause = { reason: 'NamespaceTerminating', message, field: 'metadata.namespace' };
  error.status.details = { ...error.status.details, causes: [cause] };
  throw error;
}

/** Nothing is created of a kind that is going away. */
function requireActiveDefinition({ cluster, resource }: WriteContext, metadata: ObjectMeta): void {
  if (!resource.custom) return;
  const definition = collectionOf(cluster, Definitions).get(formatGroupResource(resource))?.value.object;
  if (definition?.metadata?.deletionTimestamp === undefined) return;
  const problem = 'create not allowed while custom resource definition is terminating';
  throw newForbidden(resource, nameOrPrefix(metadata), problem);
}

/** How errors name an object that may not have its name yet. */
function nameOrPrefix({ name, generateName = '' }: ObjectMeta): string {
  return name || generateName || 'Unknown';
}
