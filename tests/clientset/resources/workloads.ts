import * as appsv1 from '@client-ts/api/apps/v1';
import * as autoscalingv1 from '@client-ts/api/autoscaling/v1';
import * as autoscalingv2 from '@client-ts/api/autoscaling/v2';
import * as batchv1 from '@client-ts/api/batch/v1';
import * as coordinationv1 from '@client-ts/api/coordination/v1';
import * as coordinationv1alpha2 from '@client-ts/api/coordination/v1alpha2';
import * as coordinationv1beta1 from '@client-ts/api/coordination/v1beta1';
import * as lifecyclev1alpha1 from '@client-ts/api/lifecycle/v1alpha1';
import * as policyv1 from '@client-ts/api/policy/v1';
import * as schedulingv1 from '@client-ts/api/scheduling/v1';
import * as schedulingv1alpha3 from '@client-ts/api/scheduling/v1alpha3';
import * as schedulingv1beta1 from '@client-ts/api/scheduling/v1beta1';
import { row, Walk } from '../row.js';

const containers = [{ name: 'main', image: 'busybox' }];
const matchLabels = { app: 'walk' };
const selector = { matchLabels };
const template = { metadata: { labels: matchLabels }, spec: { containers } };
const job = { template: { spec: { containers, restartPolicy: 'Never' as const } } };
const scaleTarget = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'walk' };
const target = { pod: { name: 'walk', uid: 'c6f3a1e0-0000-4000-8000-000000000001' } };
const basic = { schedulingPolicy: { basic: {} } };
const groupOf = { ...basic, workloadRef: { workloadName: 'walk', templateName: 'a' } };
const templates = { podGroupTemplates: [{ name: 'a', ...basic }] };
const candidate = {
  binaryVersion: '1.37.0',
  emulationVersion: '1.37.0',
  leaseName: 'walk',
  strategy: 'OldestEmulationVersion',
};

export const workloads = [
  row(appsv1.controllerRevisions, (c) => c.appsV1().controllerRevisions(Walk), { revision: 1, data: { a: 'b' } }),
  row(
    appsv1.daemonSets,
    (c) => c.appsV1().daemonSets(Walk),
    { spec: { selector, template } },
    {
      status: { currentNumberScheduled: 1, desiredNumberScheduled: 1, numberMisscheduled: 0, numberReady: 1 },
    },
  ),
  row(
    appsv1.deployments,
    (c) => c.appsV1().deployments(Walk),
    { spec: { selector, template } },
    {
      status: { replicas: 1 },
    },
  ),
  row(
    appsv1.replicaSets,
    (c) => c.appsV1().replicaSets(Walk),
    { spec: { selector, template } },
    {
      status: { replicas: 1 },
    },
  ),
  row(
    appsv1.statefulSets,
    (c) => c.appsV1().statefulSets(Walk),
    { spec: { selector, template, serviceName: 'walk' } },
    {
      status: { replicas: 1 },
    },
  ),
  row(
    autoscalingv1.horizontalPodAutoscalers,
    (c) => c.autoscalingV1().horizontalPodAutoscalers(Walk),
    {
      spec: { maxReplicas: 3, scaleTargetRef: scaleTarget },
    },
    { status: { currentReplicas: 1, desiredReplicas: 1 } },
  ),
  row(
    autoscalingv2.horizontalPodAutoscalers,
    (c) => c.autoscalingV2().horizontalPodAutoscalers(Walk),
    {
      spec: { maxReplicas: 3, scaleTargetRef: scaleTarget },
    },
    { status: { desiredReplicas: 1 } },
  ),
  row(
    batchv1.cronJobs,
    (c) => c.batchV1().cronJobs(Walk),
    { spec: { schedule: '0 * * * *', jobTemplate: { spec: job } } },
    {
      status: { lastScheduleTime: '2026-01-02T03:04:05Z' },
    },
  ),
  row(batchv1.jobs, (c) => c.batchV1().jobs(Walk), { spec: job }, { status: { active: 1 } }),
  row(coordinationv1.leases, (c) => c.coordinationV1().leases(Walk), { spec: { holderIdentity: 'a' } }),
  row(coordinationv1alpha2.leaseCandidates, (c) => c.coordinationV1alpha2().leaseCandidates(Walk), { spec: candidate }),
  row(coordinationv1beta1.leaseCandidates, (c) => c.coordinationV1beta1().leaseCandidates(Walk), { spec: candidate }),
  row(lifecyclev1alpha1.evictionRequests, (c) => c.lifecycleV1alpha1().evictionRequests(Walk), {
    spec: { intent: 'Eviction', requester: 'example.com/walk', target },
  }),
  row(lifecyclev1alpha1.evictions, (c) => c.lifecycleV1alpha1().evictions(Walk), { spec: { target } }),
  row(
    policyv1.podDisruptionBudgets,
    (c) => c.policyV1().podDisruptionBudgets(Walk),
    {
      spec: { minAvailable: 1, selector },
    },
    { status: { currentHealthy: 1, desiredHealthy: 1, disruptionsAllowed: 0, expectedPods: 1 } },
  ),
  row(schedulingv1.priorityClasses, (c) => c.schedulingV1().priorityClasses(), { value: 7 }),
  row(schedulingv1alpha3.compositePodGroups, (c) => c.schedulingV1alpha3().compositePodGroups(Walk), { spec: groupOf }),
  row(schedulingv1alpha3.podGroups, (c) => c.schedulingV1alpha3().podGroups(Walk), { spec: groupOf }),
  row(schedulingv1alpha3.workloads, (c) => c.schedulingV1alpha3().workloads(Walk), { spec: templates }),
  row(schedulingv1beta1.podGroups, (c) => c.schedulingV1beta1().podGroups(Walk), { spec: groupOf }),
  row(schedulingv1beta1.workloads, (c) => c.schedulingV1beta1().workloads(Walk), { spec: templates }),
];
