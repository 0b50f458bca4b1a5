import { type KubernetesObject, type ObjectMeta } from '@client-ts/apimachinery';
import {
  newAlreadyExists,
  newForbidden,
  newInvalid,
  newNotFound,
  newStatusError,
} from '@client-ts/apimachinery/errors';
import { type Cluster, collectionOf, keyOf } from '../cluster.js';
import { StoredObject } from '../stored-object.js';
import { strategyOf } from '../strategy.js';
import { checked } from './checked.js';
import { metadataProblems } from './metadata-rules.js';
import { withSystemMetadata } from './object-metadata.js';
import { generateName, generateUid } from './random-names.js';
import { timeNow } from './time-text.js';
import { initialStatus } from './initial-status.js';
import type { WriteContext } from './write-context.js';

/** How often a server tries another random suffix when a generated name is taken. */
const GenerateNameAttempts = 8;

/**
 * Stores a new object.
 *
 * @param sent - as decoded; given away.
 * @throws StatusError as a real server answers.
 */
export function createObject(context: WriteContext, sent: KubernetesObject): StoredObject {
  const { cluster, resource, namespace, dryRun } = context;
  requireActiveNamespace(context, sent.metadata?.name ?? '');
  const collection = collectionOf(cluster, resource);
  const generated = !sent.metadata?.name && sent.metadata?.generateName;
  let object = prepared(context, sent);
  for (let attempt = 1; ; attempt++) {
    const name = object.metadata?.name ?? '';
    if (!collection.get(keyOf(resource, namespace, name))) break;
    if (!generated || attempt === GenerateNameAttempts) throw newAlreadyExists(resource, name);
    object = { ...object, metadata: { ...object.metadata, name: generateName(generated, cluster.clock) } };
  }
  if (sent.metadata?.resourceVersion) {
    throw newStatusError(500, '', 'resourceVersion should not be set on objects to be created');
  }
  if (dryRun) return new StoredObject(object);
  const key = keyOf(resource, namespace, object.metadata?.name ?? '');
  return collection.put(key, (revision) => new StoredObject(object).at(revision)).value;
}

/** Fills in what the server decides, and refuses what is not valid. */
function prepared(context: WriteContext, sent: KubernetesObject): KubernetesObject {
  const { cluster, resource, namespace } = context;
  const strategy = strategyOf(resource);
  const { deletionTimestamp: _time, deletionGracePeriodSeconds: _grace, ...kept } = sent.metadata ?? {};
  const metadata: ObjectMeta = withSystemMetadata({
    ...kept,
    name: kept.name || (kept.generateName ? generateName(kept.generateName, cluster.clock) : ''),
    namespace: resource.scope === 'Namespaced' ? namespace : undefined,
    uid: generateUid(cluster.clock),
    resourceVersion: undefined,
    creationTimestamp: timeNow(cluster.clock),
    generation: strategy.generation ? 1 : undefined,
  });
  const object = initialStatus(resource, { ...sent, metadata });
  const result = checked(context, { operation: 'create', object });
  const causes = [...metadataProblems(resource, metadata), ...result.causes];
  if (causes.length > 0) throw newInvalid(resource, metadata.name ?? '', causes);
  return result.object;
}

/** The namespace lifecycle: nothing is created in a namespace that does not exist or is going away. */
function requireActiveNamespace({ cluster, resource, namespace }: WriteContext, name: string): void {
  if (resource.scope !== 'Namespaced') return;
  const found = namespaceOf(cluster, namespace);
  if (!found) throw newNotFound({ group: '', resource: 'namespaces' }, namespace);
  if (found.metadata?.deletionTimestamp === undefined) return;
  const error = newForbidden(
    resource,
    name,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
  );
  error.status.details = {
    ...error.status.details,
    causes: [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  };
  throw error;
}

function namespaceOf(cluster: Cluster, name: string): KubernetesObject | undefined {
  return collectionOf(cluster, { group: '', resource: 'namespaces' }).get(name)?.value.object;
}
