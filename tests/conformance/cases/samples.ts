import type { Deployment } from '@client-ts/api/apps/v1';
import type { CustomResourceDefinition } from '@client-ts/api/apiextensions/v1';
import type { Job } from '@client-ts/api/batch/v1';
import type { Pod } from '@client-ts/api/core/v1';
import { defineResource, type KubernetesObject, type ResourceDescriptor } from '@client-ts/apimachinery';
import type { ResourceInterface, StatusInterface } from '@client-ts/rest';
import type { CaseContext } from '../case.js';

/** Objects that cases share: small, and valid on a real server. */

export function samplePod(name: string): Pod {
  return { metadata: { name }, spec: { containers: [{ name: 'main', image: 'busybox' }] } };
}

export function sampleDeployment(name: string): Deployment {
  return {
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: 'a' } },
      template: { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'main', image: 'busybox' }] } },
    },
  };
}

export function sampleJob(name: string): Job {
  return {
    metadata: { name },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] } } },
  };
}

interface Widget extends KubernetesObject {
  spec?: { size?: number; color?: string; port?: number | string; [field: string]: unknown };
  status?: { ready?: boolean; replicas?: number };
}

type WidgetDescriptor = ResourceDescriptor<Widget, Widget, 'Namespaced'>;

/** A CRD of a group of its own for each namespace, so that cases do not meet. */
function widgetDescriptor(namespace: string): WidgetDescriptor {
  return defineResource<Widget>()({
    group: `${namespace}.example.com`,
    version: 'v1',
    resource: 'widgets',
    kind: 'Widget',
    scope: 'Namespaced',
    subresources: ['status', 'scale'],
  });
}

export function widgetCRD(namespace: string): CustomResourceDefinition {
  const { group, version, resource, kind } = widgetDescriptor(namespace);
  return {
    metadata: { name: `${resource}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: resource, singular: 'widget', kind, shortNames: ['wd'], categories: ['all'] },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: {
            status: {},
            scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
          },
          additionalPrinterColumns: [{ name: 'Color', type: 'string', jsonPath: '.spec.color' }],
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  required: ['size'],
                  properties: {
                    size: { type: 'integer', minimum: 0, maximum: 10 },
                    replicas: { type: 'integer' },
                    color: { type: 'string', enum: ['red', 'green'], default: 'red' },
                    port: { 'x-kubernetes-int-or-string': true },
                    name: { type: 'string', pattern: '^[a-z]+$', maxLength: 5 },
                    tags: { type: 'array', items: { type: 'string' }, maxItems: 2 },
                    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  },
                },
                status: {
                  type: 'object',
                  properties: { ready: { type: 'boolean' }, replicas: { type: 'integer' } },
                },
              },
            },
          },
        },
      ],
    },
  };
}

/** Installs the CRD of this case; resolves with a client once it is served. */
export async function installWidgets(context: CaseContext): Promise<WidgetClient> {
  const crds = context.clientset.apiextensionsV1().customResourceDefinitions();
  const crd = widgetCRD(context.namespace);
  const name = crd.metadata?.name ?? '';
  const { metadata } = await crds.create(crd);
  const watch = crds.watch({
    fieldSelector: `metadata.name=${name}`,
    resourceVersion: metadata?.resourceVersion,
    timeoutSeconds: 15,
  });
  const isServed = (conditions: { type: string; status: string }[]): boolean =>
    conditions.some(({ type, status }) => type === 'Established' && status === 'True');
  if (!isServed((await crds.get(name)).status?.conditions ?? [])) {
    for await (const event of watch) {
      if (event.type === 'MODIFIED' && isServed(event.object.status?.conditions ?? [])) break;
    }
  }
  await untilListed(context);
  return widgetClient(context);
}

/** A real server says Established a moment before every one of its parts knows. */
async function untilListed({ raw, namespace }: CaseContext): Promise<void> {
  for (;;) {
    const { status } = await raw('GET', `/apis/${namespace}.example.com/v1/namespaces/${namespace}/widgets`);
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export type WidgetClient = ResourceInterface<Widget, Widget> & StatusInterface<Widget, Widget>;

function widgetClient({ clientset, namespace }: CaseContext): WidgetClient {
  return clientset.resource(widgetDescriptor(namespace), namespace);
}
