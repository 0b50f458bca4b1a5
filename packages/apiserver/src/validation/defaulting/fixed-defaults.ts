import type { Fields } from '../json-fields.js';

/** `rw-r--r--` */
const DefaultMode = 0o644;

const OneReplica = { replicas: 1 };

/** A time that nobody gave is null to Go, and written so. */
const NoTransition = { lastTransitionTime: null };
const NoProbe = { lastProbeTime: null, ...NoTransition };

/** Defaults that a real server sets whatever else is in the object, by type. */
export const FixedDefaults: Readonly<Record<string, Readonly<Fields>>> = {
  'apiextensions.v1.CustomResourceConversion': { strategy: 'None' },
  'apiextensions.v1.CustomResourceDefinitionSpec': { conversion: {} },
  'apiextensions.v1.ServiceReference': { port: 443 },
  'apps.v1.DaemonSetSpec': { revisionHistoryLimit: 10 },
  'apps.v1.DaemonSetUpdateStrategy': { type: 'RollingUpdate' },
  'apps.v1.DeploymentSpec': { ...OneReplica, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 },
  'apps.v1.DeploymentStrategy': { type: 'RollingUpdate' },
  'apps.v1.ReplicaSetSpec': OneReplica,
  'apps.v1.RollingUpdateDaemonSet': { maxUnavailable: 1, maxSurge: 0 },
  'apps.v1.RollingUpdateDeployment': { maxUnavailable: '25%', maxSurge: '25%' },
  'apps.v1.RollingUpdateStatefulSetStrategy': { partition: 0, maxUnavailable: 1 },
  'apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy': { whenDeleted: 'Retain', whenScaled: 'Retain' },
  'apps.v1.StatefulSetSpec': {
    ...OneReplica,
    podManagementPolicy: 'OrderedReady',
    revisionHistoryLimit: 10,
    persistentVolumeClaimRetentionPolicy: {},
  },
  'apiextensions.v1.CustomResourceDefinitionCondition': NoTransition,
  'apimachinery.pkg.apis.meta.v1.Condition': NoTransition,
  'apps.v1.DaemonSetCondition': NoTransition,
  'apps.v1.DeploymentCondition': { lastUpdateTime: null, ...NoTransition },
  'apps.v1.ReplicaSetCondition': NoTransition,
  'apps.v1.StatefulSetCondition': NoTransition,
  'apps.v1.StatefulSetUpdateStrategy': { type: 'RollingUpdate' },
  'batch.v1.CronJobSpec': {
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  },
  'batch.v1.JobCondition': NoProbe,
  'batch.v1.PodFailurePolicyOnPodConditionsPattern': { status: 'True' },
  'core.v1.ClientIPConfig': { timeoutSeconds: 10_800 },
  'core.v1.ConfigMapVolumeSource': { defaultMode: DefaultMode },
  'core.v1.Container': { terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' },
  'core.v1.DownwardAPIVolumeSource': { defaultMode: DefaultMode },
  'core.v1.EphemeralContainer': { terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' },
  'core.v1.EndpointPort': { protocol: 'TCP' },
  'core.v1.HTTPGetAction': { path: '/', scheme: 'HTTP' },
  'core.v1.HostPathVolumeSource': { type: '' },
  'core.v1.ObjectFieldSelector': { apiVersion: 'v1' },
  'core.v1.PersistentVolumeClaimSpec': { volumeMode: 'Filesystem' },
  'core.v1.PersistentVolumeSpec': { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' },
  'core.v1.PodSpec': {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  },
  'core.v1.ContainerStateRunning': { startedAt: null },
  'core.v1.ContainerStateTerminated': { startedAt: null, finishedAt: null },
  'core.v1.Event': { eventTime: null, firstTimestamp: null, lastTimestamp: null },
  'core.v1.NamespaceCondition': NoTransition,
  'core.v1.NodeCondition': { lastHeartbeatTime: null, ...NoTransition },
  'core.v1.PersistentVolumeClaimCondition': NoProbe,
  'core.v1.PodCondition': NoProbe,
  'core.v1.Probe': { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
  'core.v1.ProjectedVolumeSource': { defaultMode: DefaultMode },
  'core.v1.ReplicationControllerCondition': NoTransition,
  'core.v1.Secret': { type: 'Opaque' },
  'core.v1.SecretVolumeSource': { defaultMode: DefaultMode },
  'core.v1.ServiceAccountTokenProjection': { expirationSeconds: 3600 },
  'core.v1.ServiceSpec': { type: 'ClusterIP', sessionAffinity: 'None' },
};
