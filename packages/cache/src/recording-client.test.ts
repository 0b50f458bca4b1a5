import type {
  DeleteOptions,
  KubernetesList,
  KubernetesObject,
  ListOptions,
  WriteOptions,
} from '@client-ts/apimachinery';
import { expect, expectTypeOf, test, vi } from 'vitest';
import type { CacheError } from './error-handler.js';
import { recordingClient } from './recording-client.js';

/** Answers writes with what it is told to; has state of its own, as clients do, which methods find through `this`. */
class FakeClient {
  #left: KubernetesObject[] = [];
  readonly lists: ListOptions[] = [];
  failList: Error | undefined;

  /** What a deletion leaves there. */
  leave(...objects: readonly KubernetesObject[]): void {
    this.#left = [...objects];
  }

  async create(object: KubernetesObject, _options?: WriteOptions): Promise<KubernetesObject> {
    return this.#answer(object);
  }

  async update(object: KubernetesObject, _options?: WriteOptions): Promise<KubernetesObject> {
    return this.#answer(object);
  }

  async patch(name: string, _patch: unknown, _options?: WriteOptions): Promise<KubernetesObject> {
    return this.#answer({ metadata: { name } });
  }

  async delete(_name: string, _options?: DeleteOptions): Promise<void> {
    this.#left = [...this.#left];
  }

  async list(options: ListOptions = {}): Promise<KubernetesList<KubernetesObject>> {
    this.lists.push(options);
    if (this.failList) throw this.failList;
    return { metadata: { resourceVersion: '20' }, items: this.#left };
  }

  async deleteCollection(_options?: DeleteOptions, _listOptions?: ListOptions): Promise<void> {
    this.#left = [...this.#left];
  }

  async evict(_name: string, _options?: DeleteOptions): Promise<void> {
    this.#left = [...this.#left];
  }

  async bind(_binding: KubernetesObject, _options?: WriteOptions): Promise<void> {
    this.#left = [...this.#left];
  }

  async updateScale(name: string, _scale: unknown, _options?: WriteOptions): Promise<KubernetesObject> {
    return this.#answer({ kind: 'Scale', metadata: { name } });
  }

  async updateResize(object: KubernetesObject): Promise<KubernetesObject> {
    return this.#answer(object);
  }

  /** What only this client has. */
  logs(name: string): string {
    return `${name}: ${this.#left.length}`;
  }

  #answer(object: KubernetesObject): KubernetesObject {
    return { ...object, metadata: { ...object.metadata, resourceVersion: '15' } };
  }
}

const web: KubernetesObject = { metadata: { namespace: 'default', name: 'web' } };

interface Setting {
  readonly inner: FakeClient;
  readonly client: FakeClient;
  readonly recorded: string[];
  readonly errors: CacheError[];
}

function setUp(namespace?: string): Setting {
  const inner = new FakeClient();
  const recorded: string[] = [];
  const errors: CacheError[] = [];
  const recorder = {
    record: ({ metadata }: KubernetesObject) => void recorded.push(`${metadata?.name}@${metadata?.resourceVersion}`),
    recordGone: (key: string, version: string) => void recorded.push(`${key} gone@${version}`),
    recordAll: (objects: readonly KubernetesObject[], version: string, of?: string) =>
      void recorded.push(`${objects.length} in ${of}@${version}`),
  };
  const client = recordingClient(inner, recorder, { namespace, onError: (error) => errors.push(error) });
  return { inner, client, recorded, errors };
}

test.each<[what: string, write: (client: FakeClient) => Promise<unknown>, recorded: string[]]>([
  ['create', (client) => client.create(web), ['web@15']],
  ['update', (client) => client.update(web), ['web@15']],
  ['patch', (client) => client.patch('web', {}), ['web@15']],
  [
    'a write to a subresource that answers with the object',
    (c) => c.update(web, { subresource: 'status' }),
    ['web@15'],
  ],
  [
    'a write to one that answers with something else',
    (c) => c.update(web, { subresource: 'scale' }),
    ['default/web gone@20'],
  ],
  [
    'a patch of one that answers with something else',
    (c) => c.patch('web', {}, { subresource: 'scale' }),
    ['default/web gone@20'],
  ],
  ['a write to one that changes nothing of the object', (c) => c.create(web, { subresource: 'token' }), []],
  ['evict', (client) => client.evict('web'), ['default/web gone@20']],
  ['bind', (client) => client.bind(web), ['default/web gone@20']],
  ['updateScale', (client) => client.updateScale('web', {}), ['default/web gone@20']],
  ['updateResize', (client) => client.updateResize(web), ['web@15']],
  ['deleteCollection', (client) => client.deleteCollection({}, { labelSelector: 'app=web' }), ['0 in default@20']],
  ['a dry run of evict', (client) => client.evict('web', { dryRun: true }), []],
  ['a dry run of updateScale', (client) => client.updateScale('web', {}, { dryRun: true }), []],
  ['a dry run of deleteCollection', (client) => client.deleteCollection({ dryRun: true }), []],
  ['a dry run', (client) => client.create(web, { dryRun: true }), []],
  ['a dry run of patch', (client) => client.patch('web', {}, { dryRun: true }), []],
  ['a dry run of delete', (client) => client.delete('web', { dryRun: true }), []],
  ['an answer without a name', (client) => client.create({}), []],
  ['a read', (client) => client.list(), []],
])('%s records %j', async (_, write, recorded) => {
  const setting = setUp('default');
  await write(setting.client);
  expect(setting.recorded).toEqual(recorded);
});

test.each([
  ['default', 'default/web gone@20'],
  [undefined, 'web gone@20'],
])('a deletion in namespace %j asks what came of it', async (namespace, gone) => {
  const { client, inner, recorded } = setUp(namespace);
  const { signal } = new AbortController();
  await client.delete('web', { signal, timeoutMs: 1000, propagationPolicy: 'Foreground' });
  expect(recorded).toEqual([gone]);
  expect(inner.lists).toEqual([{ fieldSelector: 'metadata.name=web', signal, timeoutMs: 1000 }]);
});

test('an object that is still there after its deletion is shown as it is', async () => {
  const { client, inner, recorded } = setUp('default');
  inner.leave({ metadata: { name: 'web', resourceVersion: '16', deletionTimestamp: '2026-01-01T00:00:00Z' } });
  await client.delete('web');
  expect(recorded).toEqual(['web@16']);
});

test.each<[what: string, metadata: KubernetesObject['metadata'], recorded: string]>([
  ['a finalizer holds', { finalizers: ['example.com/hold'] }, 'web@15'],
  ['has time to end', { deletionGracePeriodSeconds: 30 }, 'web@15'],
  ['nothing holds any more', { finalizers: [] }, 'default/web gone@20'],
  ['has no time left', { deletionGracePeriodSeconds: 0 }, 'default/web gone@20'],
])('of a write to an object that is about to go and that %s comes %j %s', async (_, metadata, expected) => {
  const { client, recorded } = setUp('default');
  await client.update({ metadata: { ...web.metadata, ...metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } });
  expect(recorded).toEqual([expected]);
});

test('objects of other names, from a server that does not select, say nothing', async () => {
  const { client, inner, recorded } = setUp('default');
  inner.leave({ metadata: { name: 'other', resourceVersion: '16' } });
  await client.delete('web');
  expect(recorded).toEqual(['default/web gone@20']);
});

test('that nobody can say what came of a deletion does not undo it', async () => {
  const { client, inner, recorded, errors } = setUp('default');
  inner.failList = new Error('forbidden');
  await client.delete('web');
  expect(recorded).toEqual([]);
  expect(errors.map(({ message }) => message)).toEqual(['what came of a write is not known "default/web": forbidden']);
  await client.delete('web', { signal: AbortSignal.abort() });
  expect(errors, 'an abort is what the caller wanted').toHaveLength(1);
});

test('what a selector does not find may have other labels: all of the namespace is asked for after deleteCollection', async () => {
  const { client, inner, errors } = setUp('default');
  const { signal } = new AbortController();
  await client.deleteCollection({ signal, timeoutMs: 1000, gracePeriodSeconds: 0 }, { labelSelector: 'app=web' });
  expect(inner.lists).toEqual([{ signal, timeoutMs: 1000 }]);
  inner.failList = new Error('forbidden');
  await client.deleteCollection();
  expect(errors.map(({ message }) => message)).toEqual(['what came of deletecollection is not known: forbidden']);
});

test('who takes no lists is given none', async () => {
  const inner = new FakeClient();
  const recorder = { record: vi.fn<() => void>(), recordGone: vi.fn<() => void>() };
  await recordingClient(inner, recorder).deleteCollection();
  expect(inner.lists).toEqual([]);
});

test('a write by a client for all namespaces is that of the object’s own', async () => {
  const { client, inner, recorded } = setUp('');
  inner.leave({ metadata: { namespace: 'other', name: 'web', resourceVersion: '16' } });
  await client.update({ metadata: { ...web.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } });
  expect(recorded).toEqual(['default/web gone@20']);
});

test('a write that fails rejects as it did, and records nothing', async () => {
  const { inner, client, recorded } = setUp('default');
  const error = new Error('conflict');
  vi.spyOn(inner, 'update').mockRejectedValue(error);
  vi.spyOn(inner, 'delete').mockRejectedValue(error);
  await expect(client.update(web)).rejects.toBe(error);
  await expect(client.delete('web')).rejects.toBe(error);
  expect([recorded, inner.lists]).toEqual([[], []]);
});

test('what else the client has is there, and of its type', async () => {
  const { client, inner } = setUp('default');
  inner.leave(web);
  expect(client.logs('web')).toBe('web: 1');
  expect(client.lists).toBe(inner.lists);
  expectTypeOf(client).toEqualTypeOf<FakeClient>();
});
