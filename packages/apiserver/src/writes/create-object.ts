import type { KubernetesObject, ObjectMeta } from '@client-ts/apimachinery';
import {
  newAlreadyExists,
  newForbidden,
  newInvalid,
  newNotFound,
  newStatusError,
} from '@client-ts/apimachinery/errors';
import { collectionOf, keyOf } from '../cluster.js';
import { resourceVersionProblem } from '../query.js';
import { StoredObject } from '../stored-object.js';
import { strategyOf } from '../strategy.js';
import { checked } from './checked.js';
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
  const { object, causes } = checked(context, { operation: 'create', object: sent, text });
  requireActiveNamespace(context, object.metadata ?? {});
  const { name: wanted, generateName: prefix, resourceVersion } = object.metadata ?? {};
  for (let attempt = 1; ; attempt++) {
    const name = wanted || (prefix ? generateName(prefix, cluster.clock) : '');
    const made = initialObject(cluster, resource, { ...object, metadata: newMetadata(context, object.metadata, name) });
    const problems = [...metadataProblems(resource, made.metadata ?? {}), ...causes];
    if (problems.length > 0) throw newInvalid(resource, name, problems);
    if (resourceVersion && resourceVersion !== '0' && !dryRun && !resourceVersionProblem(resourceVersion)) {
      throw newStatusError(500, '', 'resourceVersion should not be set on objects to be created');
    }
    const key = keyOf(resource, namespace, name);
    if (collection.get(key)) {
      if (wanted || attempt === GenerateNameAttempts) throw newAlreadyExists(resource, name);
    } else if (dryRun) {
      return new StoredObject(made);
    } else {
      return collection.put(key, (revision) => new StoredObject(made).at(revision)).value;
    }
  }
}

function newMetadata({ cluster, resource, namespace }: WriteContext, sent: ObjectMeta = {}, name: string): ObjectMeta {
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
    metadata.name || (metadata.generateName ?? ''),
    `unable to create new content in namespace ${namespace} because it is being terminated`,
  );
  const message = `namespace ${namespace} is being terminated`;
  const cause = { reason: 'NamespaceTerminating', message, field: 'metadata.namespace' };
  error.status.details = { ...error.status.details, causes: [cause] };
  throw error;
}
