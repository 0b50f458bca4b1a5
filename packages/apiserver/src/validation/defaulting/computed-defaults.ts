import { type Fields, fieldsAt, isFields, listAt, setDefaults, textAt } from '../json-fields.js';
import { TemplateGeneration } from '../../rules/daemon-set-rules.js';
import { defaultPod } from './pod-defaults.js';

/** Defaults that depend on what else is in the object, by type. They run before the fixed ones. */
export const ComputedDefaults: Readonly<Record<string, (fields: Fields) => void>> = {
  'apiextensions.v1.CustomResourceDefinitionNames': (names) => {
    const kind = textAt(names, 'kind');
    if (kind !== '') setDefaults(names, { singular: kind.toLowerCase(), listKind: `${kind}List` });
  },
  'apps.v1.DaemonSet': (set) => {
    const { metadata } = set;
    if (!isFields(metadata)) return;
    set['metadata'] = { ...metadata, annotations: { [TemplateGeneration]: '0', ...fieldsAt(metadata, 'annotations') } };
  },
  'apps.v1.DaemonSetUpdateStrategy': rollingUpdate,
  'apps.v1.DeploymentStrategy': rollingUpdate,
  'apps.v1.StatefulSetSpec': ({ volumeClaimTemplates }) => {
    for (const claim of listAt({ volumeClaimTemplates }, 'volumeClaimTemplates')) {
      setDefaults(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } });
    }
  },
  'apps.v1.StatefulSetUpdateStrategy': rollingUpdate,
  'batch.v1.Job': ({ spec }) => {
    // A template for jobs has no defaults: the jobs made from it get them.
    if (isFields(spec)) defaultJobSpec(spec);
  },
  'core.v1.Container': pullImage,
  'core.v1.EphemeralContainer': pullImage,
  'core.v1.LimitRangeItem': (item) => {
    if (item['type'] !== 'Container') return;
    setDefaults(item, { default: { ...fieldsAt(item, 'max') } });
    setDefaults(item, { defaultRequest: { ...fieldsAt(item, 'min'), ...fieldsAt(item, 'default') } });
  },
  'core.v1.Namespace': (namespace) => {
    // So that selectors can name a namespace.
    const { metadata } = namespace;
    const name = isFields(metadata) ? textAt(metadata, 'name') : '';
    if (!isFields(metadata) || name === '') return;
    namespace['metadata'] = {
      ...metadata,
      labels: { ...fieldsAt(metadata, 'labels'), 'kubernetes.io/metadata.name': name },
    };
  },
  'core.v1.NodeSpec': (spec) => pluralOf(spec, 'podCIDR', 'podCIDRs'),
  'core.v1.Pod': defaultPod,
  'core.v1.PodStatus': (status) => {
    // The old fields for one address are kept in step with the new ones for several.
    pluralOf(status, 'podIP', 'podIPs', 'ip');
  },
  'core.v1.PodSpec': (spec) => {
    const account = textAt(spec, 'serviceAccountName') || textAt(spec, 'serviceAccount');
    // The old name of the field is kept in step with the new one.
    if (account !== '') Object.assign(spec, { serviceAccountName: account, serviceAccount: account });
  },
  'core.v1.ReplicationController': (controller) => {
    const { spec } = controller;
    const labels = fieldsAt(fieldsAt(fieldsAt(fieldsAt(controller, 'spec'), 'template'), 'metadata'), 'labels');
    if (!isFields(spec) || Object.keys(labels).length === 0) return;
    setDefaults(spec, { selector: labels });
    if (isFields(controller['metadata'])) setDefaults(controller['metadata'], { labels });
  },
  'core.v1.Secret': (secret) => {
    const { stringData } = secret;
    if (!isFields(stringData)) return;
    const encoded = Object.entries(stringData).map(([key, value]) => [key, base64(String(value))] as const);
    secret['data'] = { ...fieldsAt(secret, 'data'), ...Object.fromEntries(encoded) };
    delete secret['stringData'];
  },
  'core.v1.ServicePort': (port) => {
    if (port['targetPort'] === undefined || port['targetPort'] === 0 || port['targetPort'] === '') {
      port['targetPort'] = port['port'] ?? 0;
    }
  },
  'core.v1.ServiceSpec': defaultServiceSpec,
  'core.v1.Volume': (volume) => {
    if (Object.keys(volume).every((field) => field === 'name')) volume['emptyDir'] = {};
  },
};

/** Keeps a field for one value in step with the one for several, of which it is the first. */
function pluralOf(fields: Fields, one: string, several: string, key?: string): void {
  const values = fields[several];
  const [first]: unknown[] = Array.isArray(values) ? values : [];
  if (first !== undefined) fields[one] = key !== undefined && isFields(first) ? first[key] : first;
  else if (fields[one]) fields[several] = [key === undefined ? fields[one] : { [key]: fields[one] }];
}

function rollingUpdate(strategy: Fields): void {
  if ((strategy['type'] ?? 'RollingUpdate') === 'RollingUpdate') setDefaults(strategy, { rollingUpdate: {} });
}

function defaultJobSpec(spec: Fields): void {
  if (spec['completions'] === undefined && spec['parallelism'] === undefined) spec['completions'] = 1;
  setDefaults(spec, {
    parallelism: 1,
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    manualSelector: false,
    suspend: false,
    podReplacementPolicy: spec['podFailurePolicy'] === undefined ? 'TerminatingOrFailed' : 'Failed',
  });
}

function defaultServiceSpec(spec: Fields): void {
  const type = spec['type'] ?? 'ClusterIP';
  if (spec['sessionAffinity'] === 'ClientIP') setDefaults(spec, { sessionAffinityConfig: { clientIP: {} } });
  if (type === 'ExternalName') return;
  setDefaults(spec, { internalTrafficPolicy: 'Cluster' });
  if (type === 'NodePort' || type === 'LoadBalancer') setDefaults(spec, { externalTrafficPolicy: 'Cluster' });
  if (type === 'LoadBalancer') setDefaults(spec, { allocateLoadBalancerNodePorts: true });
}

function pullImage(container: Fields): void {
  setDefaults(container, { imagePullPolicy: isFixedImage(textAt(container, 'image')) ? 'IfNotPresent' : 'Always' });
}

/** Whether an image will not change under its name: it has a digest, or a tag other than `latest`. */
function isFixedImage(image: string): boolean {
  if (image.includes('@')) return true;
  const tag = /:([^:/]*)$/.exec(image)?.[1];
  return tag !== undefined && tag !== 'latest';
}

function base64(text: string): string {
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCodePoint(byte);
  return btoa(bytes);
}
