import type { Deployment } from '@client-ts/api/apps/v1';
import type { CustomResourceDefinition } from '@client-ts/api/apiextensions/v1';
import type { Job } from '@client-ts/api/batch/v1';
import type { Pod } from '@client-ts/api/core/v1';
import { defineResource, type KubernetesObject, type ResourceDescriptor } from '@client-ts/apimachinery';
import type { Config, ResourceInterface, StatusInterface } from '@client-ts/rest';
import { expect } from 'vitest';
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

/** The group of the CRD that cases share. */
export const WidgetGroup = 'shared.example.com';

function widgetDescriptor(group: string): WidgetDescriptor {
  return defineResource<Widget>()({
    group,
    version: 'v1',
    resource: 'widgets',
    kind: 'Widget',
    scope: 'Namespaced',
    subresources: ['status', 'scale'],
  });
}

export function widgetCRD(group: string): CustomResourceDefinition {
  const { version, resource, kind } = widgetDescriptor(group);
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
                    zones: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
                    parts: {
                      type: 'array',
                      'x-kubernetes-list-type': 'map',
                      'x-kubernetes-list-map-keys': ['name'],
                      items: {
                        type: 'object',
                        required: ['name'],
                        properties: { name: { type: 'string' }, weight: { type: 'integer' } },
                      },
                    },
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

export type WidgetClient = ResourceInterface<Widget, Widget> & StatusInterface<Widget, Widget>;

const shared = new WeakMap<Config, Promise<void>>();

/**
 * A client for custom resources in the namespace of the case. Their CRD is installed once on each server: a real one makes
 * the creation of objects wait until their CRD is two seconds old.
 */
export async function sharedWidgets(context: CaseContext): Promise<WidgetClient> {
  let installed = shared.get(context.config);
  if (!installed) shared.set(context.config, (installed = installCRD(context, widgetCRD(WidgetGroup))));
  await installed;
  return context.clientset.resource(widgetDescriptor(WidgetGroup), context.namespace);
}

/** The same with a CRD that is the case's own, in the group `<namespace>.example.com`. */
export async function ownWidgets(context: CaseContext): Promise<WidgetClient> {
  const group = `${context.namespace}.example.com`;
  await installCRD(context, widgetCRD(group));
  return context.clientset.resource(widgetDescriptor(group), context.namespace);
}

/** Resolves once all served versions are. */
export async function installCRD({ clientset, raw }: CaseContext, crd: CustomResourceDefinition): Promise<void> {
  const crds = clientset.apiextensionsV1().customResourceDefinitions();
  const { metadata, spec } = await crds.create(crd);
  const fieldSelector = `metadata.name=${metadata?.name}`;
  const events = crds.watch({ fieldSelector, resourceVersion: metadata?.resourceVersion, timeoutSeconds: 100 });
  const isServed = ({ status }: CustomResourceDefinition): boolean =>
    status?.conditions?.some((condition) => condition.type === 'Established' && condition.status === 'True') === true;
  if (!isServed(await crds.get(metadata?.name ?? ''))) {
    for await (const event of events) if (event.type === 'MODIFIED' && isServed(event.object)) break;
  }
  // A real server says Established a moment before every one of its parts knows.
  for (const { name } of spec.versions.filter(({ served }) => served)) {
    const path = `/apis/${spec.group}/${name}/${spec.names.plural}`;
    await expect.poll(async () => (await raw('GET', path)).status, { interval: 20 }).toBe(200);
  }
}
