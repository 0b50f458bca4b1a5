import type { KubernetesObject } from '@client-ts/apimachinery';
import { expect } from 'vitest';
import type { CaseContext, Cases } from '../case.js';
import { ownersOf } from '../owners.js';
import { sampleDeployment, samplePod, sharedWidgets } from './samples.js';

/** Sends a request as a program of some name, and gives its answer. */
async function send(
  { raw }: CaseContext,
  method: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<KubernetesObject> {
  const { json, status } = await raw(method, path, { body, headers: { 'user-agent': 'program/1.0', ...headers } });
  expect(status).toBeLessThan(300);
  return json();
}

const Merge = { 'content-type': 'application/merge-patch+json' };

function configMaps({ namespace }: CaseContext): string {
  return `/api/v1/namespaces/${namespace}/configmaps`;
}

export const managedFieldsCases: Cases = {
  'what is created belongs to the manager that the client names': async (context) => {
    const body = { metadata: { name: 'a', labels: { l: 'x' }, finalizers: ['example.com/f'] }, data: { k: 'v' } };
    const created = await send(context, 'POST', `${configMaps(context)}?fieldManager=me`, body);
    expect(created.metadata?.managedFields).toEqual([
      {
        manager: 'me',
        operation: 'Update',
        apiVersion: 'v1',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:data': { '.': {}, 'f:k': {} },
          'f:metadata': {
            'f:finalizers': { '.': {}, 'v:"example.com/f"': {} },
            'f:labels': { '.': {}, 'f:l': {} },
          },
        },
      },
    ]);
    // Removed by the case that added it: nothing else would let the namespace go.
    await send(context, 'PATCH', `${configMaps(context)}/a`, { metadata: { finalizers: null } }, Merge);
  },
  'or else to the program that it is': async (context) => {
    const created = await send(context, 'POST', configMaps(context), { metadata: { name: 'a' }, data: { k: 'v' } });
    expect(ownersOf(created)).toEqual({ 'program Update': { 'f:data': { '.': {}, 'f:k': {} } } });
  },
  'an object of nothing but a name belongs to nobody': async (context) => {
    const created = await send(context, 'POST', configMaps(context), { metadata: { name: 'a', labels: {} }, data: {} });
    expect(created.metadata).not.toHaveProperty('managedFields');
    expect(created).not.toHaveProperty('data');
  },
  'defaults belong to who created the object, what the server adds to nobody': async (context) => {
    const path = `/api/v1/namespaces/${context.namespace}/pods`;
    expect(ownersOf(await send(context, 'POST', path, samplePod('a')))).toEqual({
      'program Update': {
        'f:spec': {
          'f:containers': {
            'k:{"name":"main"}': {
              '.': {},
              'f:image': {},
              'f:imagePullPolicy': {},
              'f:name': {},
              'f:resources': {},
              'f:terminationMessagePath': {},
              'f:terminationMessagePolicy': {},
            },
          },
          'f:dnsPolicy': {},
          'f:enableServiceLinks': {},
          'f:restartPolicy': {},
          'f:schedulerName': {},
          'f:securityContext': {},
          'f:terminationGracePeriodSeconds': {},
        },
      },
    });
  },
  'structs, lists and what is atomic': async (context) => {
    const path = `/apis/apps/v1/namespaces/${context.namespace}/deployments`;
    const created = await send(context, 'POST', path, sampleDeployment('a'));
    expect(ownersOf(created)['program Update']).toMatchObject({
      'f:spec': {
        'f:replicas': {},
        'f:selector': {},
        'f:strategy': { 'f:rollingUpdate': { '.': {}, 'f:maxSurge': {}, 'f:maxUnavailable': {} }, 'f:type': {} },
        'f:template': { 'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } } },
      },
    });
  },
  'addresses that the server gives to a service belong to nobody': async (context) => {
    const path = `/api/v1/namespaces/${context.namespace}/services`;
    const spec = { ports: [{ port: 80 }], selector: { a: 'b' } };
    expect(ownersOf(await send(context, 'POST', path, { metadata: { name: 'a' }, spec }))).toEqual({
      'program Update': {
        'f:spec': {
          'f:internalTrafficPolicy': {},
          'f:ports': {
            '.': {},
            'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {}, 'f:protocol': {}, 'f:targetPort': {} },
          },
          'f:selector': {},
          'f:sessionAffinity': {},
          'f:type': {},
        },
      },
    });
  },
  'who changes a field has it from then on': async (context) => {
    const path = configMaps(context);
    await send(context, 'POST', `${path}?fieldManager=one`, { metadata: { name: 'a' }, data: { k: 'v', l: 'v' } });
    const patched = await send(context, 'PATCH', `${path}/a?fieldManager=two`, { data: { k: 'w', m: 'v' } }, Merge);
    expect(ownersOf(patched)).toEqual({
      'one Update': { 'f:data': { '.': {}, 'f:l': {} } },
      'two Update': { 'f:data': { 'f:k': {}, 'f:m': {} } },
    });
    const updated = await send(context, 'PUT', `${path}/a?fieldManager=three`, {
      metadata: { name: 'a' },
      data: { k: 'w', l: 'w' },
    });
    expect(ownersOf(updated)).toEqual({
      'one Update': { 'f:data': {} },
      'two Update': { 'f:data': { 'f:k': {} } },
      'three Update': { 'f:data': { 'f:l': {} } },
    });
  },
  'who sends what is there already gets nothing': async (context) => {
    const path = configMaps(context);
    const created = await send(context, 'POST', `${path}?fieldManager=one`, {
      metadata: { name: 'a' },
      data: { k: 'v' },
    });
    const body = { metadata: { name: 'a' }, data: { k: 'v' } };
    expect(await send(context, 'PUT', `${path}/a?fieldManager=two`, body)).toEqual(created);
  },
  'fields that are removed belong to nobody': async (context) => {
    const path = configMaps(context);
    await send(context, 'POST', `${path}?fieldManager=one`, { metadata: { name: 'a', labels: { l: 'x' } } });
    const removed = await send(context, 'PATCH', `${path}/a?fieldManager=two`, { metadata: { labels: null } }, Merge);
    expect(removed.metadata).not.toHaveProperty('managedFields');
  },
  'a status belongs to who writes it, through its subresource': async (context) => {
    const path = `/apis/apps/v1/namespaces/${context.namespace}/deployments`;
    await send(context, 'POST', `${path}?fieldManager=one`, sampleDeployment('a'));
    const body = {
      metadata: { labels: { l: 'x' }, annotations: { a: 'x' } },
      spec: { replicas: 5 },
      status: { replicas: 1, conditions: [{ type: 'Available', status: 'True' }] },
    };
    const written = await send(context, 'PATCH', `${path}/a/status?fieldManager=two`, body, Merge);
    expect(ownersOf(written)['two Update status']).toEqual({
      'f:metadata': { 'f:annotations': { '.': {}, 'f:a': {} } },
      'f:status': {
        'f:conditions': {
          '.': {},
          'k:{"type":"Available"}': {
            '.': {},
            'f:lastTransitionTime': {},
            'f:lastUpdateTime': {},
            'f:status': {},
            'f:type': {},
          },
        },
        'f:replicas': {},
      },
    });
  },
  'the number of replicas belongs to who scales': async (context) => {
    const path = `/apis/apps/v1/namespaces/${context.namespace}/deployments`;
    await send(context, 'POST', `${path}?fieldManager=one`, sampleDeployment('a'));
    const scale = { metadata: { name: 'a' }, spec: { replicas: 3 } };
    await send(context, 'PUT', `${path}/a/scale?fieldManager=scaler`, scale);
    const owners = ownersOf(await context.clientset.appsV1().deployments(context.namespace).get('a'));
    expect(owners['scaler Update scale']).toEqual({ 'f:spec': { 'f:replicas': {} } });
    expect(owners['one Update']).not.toHaveProperty(['f:spec', 'f:replicas']);
  },
  'a binding changes no owner': async (context) => {
    const client = context.clientset.coreV1().pods(context.namespace);
    const created = await client.create(samplePod('a'));
    await client.bind({ metadata: { name: 'a' }, target: { kind: 'Node', name: 'node-1' } });
    expect(ownersOf(await client.get('a'))).toEqual(ownersOf(created));
  },
  'of custom resources': async (context) => {
    const widgets = await sharedWidgets(context);
    const spec = { size: 1, zones: ['z'], parts: [{ name: 'p', weight: 1 }], free: { a: { b: [1] } }, tags: ['t'] };
    const created = await widgets.create({ metadata: { name: 'a' }, spec }, { fieldManager: 'me' });
    expect(ownersOf(created)).toEqual({
      'me Update': {
        'f:spec': {
          '.': {},
          'f:color': {},
          'f:free': { '.': {}, 'f:a': { '.': {}, 'f:b': {} } },
          'f:parts': { '.': {}, 'k:{"name":"p"}': { '.': {}, 'f:name': {}, 'f:weight': {} } },
          'f:size': {},
          'f:tags': {},
          'f:zones': { '.': {}, 'v:"z"': {} },
        },
      },
    });
  },
  'of a CRD: its status belongs to the server': async (context) => {
    await sharedWidgets(context);
    const crds = context.clientset.apiextensionsV1().customResourceDefinitions();
    const owners = ownersOf(await crds.get('widgets.shared.example.com'));
    expect(owners['kube-apiserver Update status']).toMatchObject({
      'f:status': { 'f:conditions': { 'k:{"type":"Established"}': { 'f:status': {} } } },
    });
  },
  'an empty list takes all ownership away': async (context) => {
    const path = configMaps(context);
    await send(context, 'POST', path, { metadata: { name: 'a' }, data: { k: 'v' } });
    const reset = await send(context, 'PATCH', `${path}/a`, { metadata: { managedFields: [] } }, Merge);
    expect(reset.metadata).not.toHaveProperty('managedFields');
    const updated = await send(context, 'PATCH', `${path}/a`, { data: { k: 'w' } }, Merge);
    expect(updated.metadata).not.toHaveProperty('managedFields');
  },
  'entries that a client writes count, unless they are not well formed': async (context) => {
    const path = configMaps(context);
    await send(context, 'POST', `${path}?fieldManager=one`, { metadata: { name: 'a' }, data: { k: 'v' } });
    const entry = {
      manager: 'two',
      operation: 'Update',
      apiVersion: 'v1',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:data': { 'f:k': {} } },
    };
    const write = async (written: object): Promise<string[]> => {
      const body = { metadata: { managedFields: [written] } };
      return Object.keys(ownersOf(await send(context, 'PATCH', `${path}/a`, body, Merge)));
    };
    expect(await write({ ...entry, operation: 'Nonsense' })).toEqual(['one Update']);
    expect(await write({ ...entry, fieldsV1: { nonsense: {} } })).toEqual(['one Update']);
    expect(await write(entry)).toEqual(['two Update']);
  },
  'an entry of a version that does not exist goes with the next change': async (context) => {
    const path = configMaps(context);
    await send(context, 'POST', `${path}?fieldManager=one`, { metadata: { name: 'a' }, data: { k: 'v' } });
    const entry = { operation: 'Update', fieldsType: 'FieldsV1', fieldsV1: { 'f:data': { 'f:k': {} } } };
    const managedFields = [
      { ...entry, manager: 'two', apiVersion: 'v1' },
      { ...entry, manager: 'three', apiVersion: 'v77' },
    ];
    const written = await send(context, 'PATCH', `${path}/a`, { metadata: { managedFields }, data: { l: 'v' } }, Merge);
    expect(Object.keys(ownersOf(written)).toSorted()).toEqual(['program Update', 'two Update']);
  },
  'updaters beyond ten are put together': async (context) => {
    const path = configMaps(context);
    await send(context, 'POST', path, { metadata: { name: 'a', labels: { l: 'x' } } });
    for (let index = 0; index < 12; index++) {
      await send(context, 'PATCH', `${path}/a?fieldManager=m${index}`, { data: { [`k${index}`]: 'v' } }, Merge);
    }
    const owners = Object.keys(ownersOf(await context.clientset.coreV1().configMaps(context.namespace).get('a')));
    expect(owners).toHaveLength(10);
    expect(owners).toContain('ancient-changes Update');
  },
};
