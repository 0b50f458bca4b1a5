import { describe, expect, test } from 'vitest';
import { type Answer, ApplyPatch, type Send, testServer } from '../request.test.kit.js';

const path = '/apis/apps/v1/namespaces/default/deployments';
const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };

async function deployed(): Promise<Send> {
  const { send } = testServer();
  const spec = { replicas: 1, selector: { matchLabels: { a: 'b' } }, template };
  await send('POST', `${path}?fieldManager=creator`, { body: { metadata: { name: 'd' }, spec } });
  return send;
}

function scale(replicas: number | undefined): object {
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name: 'd' },
    spec: replicas === undefined ? {} : { replicas },
  };
}

function apply(send: Send, manager: string, replicas: number | undefined, query = ''): Promise<Answer> {
  const url = `${path}/d/scale?fieldManager=${manager}${query}`;
  return send('PATCH', url, { type: ApplyPatch, body: scale(replicas) });
}

/** Managers of the number of replicas. */
async function scalers(send: Send): Promise<string[]> {
  const { body } = await send('GET', `${path}/d`);
  return (body.metadata?.managedFields ?? [])
    .filter(({ fieldsV1 }) => JSON.stringify(fieldsV1).includes('f:replicas'))
    .map(({ manager, operation, subresource, apiVersion }) => [manager, operation, apiVersion, subresource].join(' '));
}

describe('through a scale', () => {
  test('an update takes the replicas over', async () => {
    const send = await deployed();
    await send('PUT', `${path}/d/scale?fieldManager=scaler`, { body: scale(3) });
    expect(await scalers(send)).toEqual(['scaler Update apps/v1 scale']);
    await send('PUT', `${path}/d/scale?fieldManager=other`, { body: scale(4) });
    expect(await scalers(send)).toEqual(['other Update apps/v1 scale']);
  });

  test('an apply is a conflict where somebody else has them', async () => {
    const send = await deployed();
    expect((await apply(send, 'me', 3)).body.message).toBe(
      'Apply failed with 1 conflict: conflict with "creator" using autoscaling/v1: .spec.replicas',
    );
    expect((await apply(send, 'me', 3, '&force=true')).body.spec).toEqual({ replicas: 3 });
    expect(await scalers(send)).toEqual(['me Apply apps/v1 scale']);
    expect((await apply(send, 'other', 4)).body.message).toContain('conflict with "me" with subresource "scale"');
    expect((await apply(send, 'other', 3)).status).toBe(200);
    expect(await scalers(send)).toEqual(['me Apply apps/v1 scale', 'other Apply apps/v1 scale']);
  });

  test.each([
    ['another kind', { ...scale(1), kind: 'Deployment' }, 400, 'invalid object type: autoscaling/v1, Kind=Deployment'],
    [
      'no number',
      { ...scale(1), spec: { replicas: 'x' } },
      500,
      '.spec.replicas: expected numeric (int or float), got string',
    ],
    ['another name', { ...scale(1), metadata: { name: 'x' } }, 400, 'does not match the name on the URL'],
    ['less than none', scale(-1), 422, 'must be greater than or equal to 0'],
  ])('%s is refused', async (_, body, code, message) => {
    const send = await deployed();
    const answer = await send('PATCH', `${path}/d/scale?fieldManager=me&force=true`, { type: ApplyPatch, body });
    expect(answer.body.code).toBe(code);
    expect(answer.body.message).toContain(message);
  });

  test('of what is not there', async () => {
    const { send } = testServer();
    expect((await apply(send, 'me', 1)).body).toMatchObject({ code: 404, message: 'deployments.apps "d" not found' });
  });

  test('custom resources cannot be applied to, as on a real server', async () => {
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'widgets', kind: 'Widget' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            subresources: { scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } },
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    };
    const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'd' }, spec: { replicas: 1 } };
    const { send } = testServer({ objects: [definition] });
    const widgets = '/apis/example.com/v1/namespaces/default/widgets';
    const created = await send('POST', widgets, { body: widget });
    const answer = await send('PATCH', `${widgets}/d/scale?fieldManager=me`, { type: ApplyPatch, body: scale(2) });
    expect(answer.body).toMatchObject({ code: 500 });
    expect(answer.body.message).toContain('request to convert CR to an invalid group/version: autoscaling/v1');
    await send('PUT', `${widgets}/d/scale?fieldManager=scaler`, { body: scale(2) });
    const { body } = await send('GET', `${widgets}/d`);
    expect(body.spec).toEqual({ replicas: 2 });
    expect(JSON.stringify(body.metadata?.managedFields)).not.toContain('scaler');
    expect(created.status).toBe(201);
  });
});
