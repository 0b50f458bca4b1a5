import { formatGroupResource } from '@client-ts/apimachinery';
import type { ServedResource } from './resource-registry.js';

/** What the server does with objects of one resource beyond what schemas say. */
export interface Strategy {
  /** An update without `metadata.resourceVersion` replaces whatever is there. */
  readonly unconditionalUpdate: boolean;
  /** An update of an object that does not exist creates it. */
  readonly createOnUpdate: boolean;
  /** `metadata.generation` counts the changes of everything but metadata and status. */
  readonly generation: boolean;
  /** The status is written through its subresource only. */
  readonly status: boolean;
  /** What of the rest a write of the status leaves as it is, besides `spec`: all of `metadata`, or some of its fields. */
  readonly statusKeeps: readonly string[];
  /** A delete answers with the object even when it is gone at once. */
  readonly returnsDeleted: boolean;
  /** Deletes without `propagationPolicy` leave dependents alone. */
  readonly orphansByDefault: boolean;
}

/** The strategies below were observed on kube-apiserver 1.37. */
const ConditionalUpdate: ReadonlySet<string> = new Set([
  'apiservices.apiregistration.k8s.io',
  'clustertrustbundles.certificates.k8s.io',
  'csidrivers.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'csistoragecapacities.storage.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'leases.coordination.k8s.io',
  'mutatingadmissionpolicies.admissionregistration.k8s.io',
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'podcertificaterequests.certificates.k8s.io',
  'poddisruptionbudgets.policy',
  'runtimeclasses.node.k8s.io',
  'storageversionmigrations.storagemigration.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'volumeattachments.storage.k8s.io',
]);

const CreateOnUpdate: ReadonlySet<string> = new Set([
  'clusterrolebindings.rbac.authorization.k8s.io',
  'clusterroles.rbac.authorization.k8s.io',
  'endpoints',
  'events',
  'events.events.k8s.io',
  'leases.coordination.k8s.io',
  'limitranges',
  'rolebindings.rbac.authorization.k8s.io',
  'roles.rbac.authorization.k8s.io',
  'runtimeclasses.node.k8s.io',
  'services',
]);

const Generation: ReadonlySet<string> = new Set([
  'cronjobs.batch',
  'customresourcedefinitions.apiextensions.k8s.io',
  'daemonsets.apps',
  'deployments.apps',
  'deviceclasses.resource.k8s.io',
  'endpointslices.discovery.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'horizontalpodautoscalers.autoscaling',
  'ingressclasses.networking.k8s.io',
  'ingresses.networking.k8s.io',
  'jobs.batch',
  'mutatingadmissionpolicies.admissionregistration.k8s.io',
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'networkpolicies.networking.k8s.io',
  'poddisruptionbudgets.policy',
  'pods',
  'podtemplates',
  'priorityclasses.scheduling.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  'replicasets.apps',
  'replicationcontrollers',
  'resourceslices.resource.k8s.io',
  'statefulsets.apps',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
]);

const ReturnsDeleted: ReadonlySet<string> = new Set([
  'csidrivers.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'deviceclasses.resource.k8s.io',
  'persistentvolumeclaims',
  'persistentvolumes',
  'pods',
  'podtemplates',
  'resourceclaims.resource.k8s.io',
  'resourceclaimtemplates.resource.k8s.io',
  'resourcequotas',
  'resourceslices.resource.k8s.io',
  'serviceaccounts',
  'services',
  'storageclasses.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
  'volumeattributesclasses.storage.k8s.io',
]);

/** From the time before garbage collection. */
const OrphansByDefault: ReadonlySet<string> = new Set(['jobs.batch', 'replicationcontrollers']);

const Metadata: readonly string[] = ['metadata'];

/** Resources whose status does not bring all of the metadata that was sent with it. */
const StatusKeeps: Readonly<Record<string, readonly string[]>> = {
  'apiservices.apiregistration.k8s.io': Metadata,
  'csinodes.storage.k8s.io': Metadata,
  'deployments.apps': ['metadata.labels'],
  'devicetaintrules.resource.k8s.io': Metadata,
  'flowschemas.flowcontrol.apiserver.k8s.io': Metadata,
  'podcertificaterequests.certificates.k8s.io': Metadata,
  pods: ['metadata.deletionTimestamp', 'metadata.ownerReferences'],
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': Metadata,
  'resourceclaims.resource.k8s.io': Metadata,
  'servicecidrs.networking.k8s.io': Metadata,
  'storageversionmigrations.storagemigration.k8s.io': Metadata,
  'storageversions.internal.apiserver.k8s.io': Metadata,
  'validatingadmissionpolicies.admissionregistration.k8s.io': Metadata,
  'volumeattachments.storage.k8s.io': Metadata,
};

export function strategyOf(resource: ServedResource): Strategy {
  const name = formatGroupResource(resource);
  const custom = resource.custom !== undefined;
  return {
    unconditionalUpdate: !custom && !ConditionalUpdate.has(name),
    createOnUpdate: !custom && CreateOnUpdate.has(name),
    generation: custom || Generation.has(name),
    status: resource.served.some((subresource) => subresource.name === 'status'),
    statusKeeps: custom ? Metadata : (Object.hasOwn(StatusKeeps, name) && StatusKeeps[name]) || [],
    returnsDeleted: !custom && ReturnsDeleted.has(name),
    orphansByDefault: !custom && OrphansByDefault.has(name),
  };
}
