import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineResource, type KubernetesObject, NamespaceAll, stringifyJson } from '@client-ts/apimachinery';
import { expect, test } from 'vitest';
import type { Config } from './config.js';
import { framedCodec } from './framed-codec.test.kit.js';
import { asTable, metadataOnly } from './representation.js';
import type { ResourceClient } from './resource-client.js';
import { RestClient } from './rest-client.js';
import type { Transport } from './transport.js';
import type { TransportRequest, TransportResponse } from './transport-request.js';

/*
 * One file for each exchange, in three parts: what is sent, what the server answers, and what the caller gets. The parts
 * end with a line of dashes; bodies are on one line, as they are on the wire.
 */
const directory = path.join(import.meta.dirname, 'testdata');

interface Settings extends KubernetesObject {
  data?: Record<string, string>;
  status?: { phase: string };
}

const settings = defineResource<Settings>()({
  group: 'example.com',
  version: 'v1',
  resource: 'settings',
  kind: 'Settings',
  scope: 'Namespaced',
});

type Client = ResourceClient<Settings, Settings>;

const red: Settings = { metadata: { name: 'red' }, data: { colour: 'red' } };

/** By the name of the file. */
const calls: Readonly<
  Record<string, (client: Client, everywhere: Client, rest: RestClient, framed: Client) => Promise<unknown>>
> = {
  get: (client) => client.get('red', { resourceVersion: '0' }),
  'get-subresource': (client) => client.get('red', { subresource: 'status' }),
  'get-metadata': (_, __, rest) => metadataOnly(rest, settings, 'ns').get('red'),
  'get-table': (_, __, rest) => asTable(rest, settings, 'ns').get('red', { includeObject: 'Object' }),
  'get-not-found': (client) => client.get('blue'),
  list: (client) =>
    client.list({
      labelSelector: 'app in (a,b),!c',
      fieldSelector: 'metadata.name=red',
      resourceVersion: '5',
      resourceVersionMatch: 'NotOlderThan',
      limit: 2,
      continue: 'to/ken=',
      timeoutSeconds: 30,
    }),
  'get-empty': (client) => client.get('red'),
  'get-page': (client) => client.get('red'),
  'get-refused-by-proxy': (client) => client.get('red'),
  'get-truncated': (client) => client.get('red'),
  'list-items': (client) => collect(client.listItems({ limit: 2, dropManagedFields: true })),
  'list-metadata': (_, __, rest) => metadataOnly(rest, settings, 'ns').list({ labelSelector: 'app=a' }),
  'list-table': (_, __, rest) => asTable(rest, settings, 'ns').list({ limit: 2, includeObject: 'None' }),
  'list-table-refused': (_, __, rest) => asTable(rest, settings, NamespaceAll).list(),
  'list-all-namespaces': (_, everywhere) => everywhere.list(),
  watch: (client) => collect(client.watch({ resourceVersion: '5', allowWatchBookmarks: true, timeoutSeconds: 300 })),
  'watch-list': (client) =>
    collect(
      client.watch({
        sendInitialEvents: true,
        resourceVersionMatch: 'NotOlderThan',
        allowWatchBookmarks: true,
        labelSelector: 'app=a',
      }),
    ),
  'watch-metadata': (_, __, rest) =>
    collect(metadataOnly(rest, settings, 'ns').watch({ resourceVersion: '5', dropManagedFields: true })),
  'watch-table': (_, __, rest) => collect(asTable(rest, settings, 'ns').watch({ resourceVersion: '5' })),
  'watch-cut-off': (client) => collect(client.watch({ resourceVersion: '5' })),
  'watch-expired': (client) => collect(client.watch({ resourceVersion: '1' })),
  create: (client) => client.create(red, { fieldManager: 'tests', fieldValidation: 'Strict', dryRun: true }),
  'create-generated-name': (client) => client.create({ metadata: { generateName: 'red-' } }),
  'create-subresource': (client) => client.create(red, { subresource: 'copy' }),
  update: (client) => client.update({ ...red, metadata: { name: 'red', resourceVersion: '5' } }),
  'update-long-integer': (client) => client.update({ ...red, at: 1767225600123456789n } as Settings),
  'update-conflict': (client) => client.update({ ...red, metadata: { name: 'red', resourceVersion: '4' } }),
  'update-status': (client) => client.updateStatus({ ...red, status: { phase: 'Ready' } }),
  'patch-json': (client) =>
    client.patch('red', { type: 'json', ops: [{ op: 'replace', path: '/data/colour', value: 'blue' }] }),
  'patch-merge': (client) =>
    client.patch('red', { type: 'merge', patch: { data: { colour: null } } }, { subresource: 'status' }),
  'patch-strategic': (client) => client.patch('red', { type: 'strategic', patch: { data: { colour: 'blue' } } }),
  apply: (client) => client.apply(red, { fieldManager: 'tests', force: true, dryRun: true }),
  'apply-status': (client) => client.applyStatus({ ...red, status: { phase: 'Ready' } }, { fieldManager: 'tests' }),
  delete: (client) =>
    client.delete('red', {
      propagationPolicy: 'Foreground',
      gracePeriodSeconds: 0,
      preconditions: { uid: '7', resourceVersion: '5' },
      dryRun: true,
    }),
  'framed-get': (_, __, ___, framed) => framed.get('red'),
  'framed-get-forbidden': (_, __, ___, framed) => framed.get('red'),
  'framed-list': (_, __, ___, framed) => framed.list(),
  'framed-watch': (_, __, ___, framed) => collect(framed.watch({ resourceVersion: '5' })),
  'framed-create': (_, __, ___, framed) => framed.create(red),
  'framed-apply': (_, __, ___, framed) => framed.apply(red, { fieldManager: 'tests' }),
  'delete-collection': (client) =>
    client.deleteCollection({ propagationPolicy: 'Background' }, { labelSelector: 'app=a', limit: 5 }),
};

test.each(Object.entries(calls))('%s', async (name, call) => {
  const [request, answer, outcome] = readFileSync(path.join(directory, `${name}.txt`), 'utf8').split(/^-+\n/m);
  const recorder = new Recorder(answer ?? '');
  const config: Config = {
    host: 'https://server/base',
    bearerToken: 'secret',
    userAgent: 'client-ts',
    transport: recorder,
  };
  const client = new RestClient(config);
  const framed = new RestClient({ ...config, codecs: [framedCodec()] });
  const [one, all] = [client.resource(settings, 'ns'), client.resource(settings, NamespaceAll)];
  const result = call(one, all, client, framed.resource(settings, 'ns'));
  expect(await describeOutcome(result)).toBe(outcome);
  expect(recorder.requests).toEqual([request]);
});

test('every file is somebody’s exchange', () => {
  expect(readdirSync(directory).toSorted()).toEqual(
    Object.keys(calls)
      .map((name) => `${name}.txt`)
      .toSorted(),
  );
});

/** Writes down what is sent, and answers with a text. */
class Recorder implements Transport {
  readonly requests: string[] = [];
  readonly #answer: string;

  constructor(answer: string) {
    this.#answer = answer;
  }

  request({ method, url, headers, body, longRunning }: TransportRequest): Promise<TransportResponse> {
    const lines = [`${method} ${url.pathname}${url.search}${longRunning ? ' (long running)' : ''}`];
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${String(value)}`);
    if (body !== undefined) lines.push('', typeof body === 'string' ? body : new TextDecoder().decode(body));
    this.requests.push(`${lines.join('\n')}\n`);
    return Promise.resolve(this.#response());
  }

  #response(): TransportResponse {
    const [head = '', body = ''] = this.#answer.split(/\n\n/);
    const [status, ...headers] = head.trimEnd().split('\n');
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode(body);
    }
    return {
      status: Number(status),
      headers: Object.fromEntries(headers.map((line) => line.split(': '))) as Record<string, string>,
      body: bytes(),
      discard: () => Promise.resolve(),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

async function collect(events: AsyncIterable<unknown>): Promise<unknown> {
  const collected = [];
  for await (const event of events) collected.push(event);
  return collected;
}

/** As JSON; failures as name, reason and message. */
async function describeOutcome(result: Promise<unknown>): Promise<string> {
  try {
    const value = await result;
    return `${value === undefined ? 'nothing' : stringifyJson(value as object)}\n`;
  } catch (error) {
    const { name, message, reason } = error as Error & { reason?: string };
    return `${name} ${reason}: ${message}\n`;
  }
}
