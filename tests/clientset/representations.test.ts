import { coreV1Table } from '@client-ts/api/core/v1/protobuf';
import { builtInTables } from '@client-ts/api/protobuf';
import { type Codec, type KubernetesObject, retryOnConflict } from '@client-ts/apimachinery';
import { isNotFound } from '@client-ts/apimachinery/errors';
import { Clientset } from '@client-ts/clientset';
import { Environment } from '@client-ts/envtest';
import { type Config, encodedObjects, headerOf, type Middleware, restClientFor } from '@client-ts/rest';
import { cbor } from '@client-ts/serializer/cbor';
import { protobuf } from '@client-ts/serializer/protobuf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { type Row, Walk } from './row.js';
import { nameOf, rows } from './rows.js';
import { type Served, servedResources } from './served.js';

type Named = readonly [name: string, codec: Codec];

const inCbor: Named = ['CBOR', cbor()];
const inProtobuf: Named = ['protobuf', protobuf(...builtInTables)];

interface Noting {
  readonly config: Config;
  readonly clientset: Clientset;
  readonly sent: Set<string>;
  readonly answered: Set<string>;
}

/** A client that notes in which media types objects came and went. */
function noting(config: Config, codec: Codec): Noting {
  const sent = new Set<string>();
  const answered = new Set<string>();
  const note: Middleware = async (request, next) => {
    if (request.method === 'POST' || request.method === 'PUT') sent.add(headerOf(request, 'content-type') ?? '');
    const response = await next(request);
    if (request.method === 'GET') answered.add(headerOf(response, 'content-type') ?? '');
    return response;
  };
  const noted = { ...config, codecs: [codec], middleware: [note] };
  return { config: noted, clientset: new Clientset(noted), sent, answered };
}

/** Writes one resource in a representation, and reads it in this and in JSON. */
async function compare(
  { descriptor, client, object, afterDelete, without }: Row,
  { verbs }: Served,
  config: Config,
  codec: Codec,
): Promise<void> {
  const does = (verb: string): boolean => verbs.includes(verb) && without[verb] === undefined;
  const json = client(new Clientset(config));
  const { config: noted, clientset, sent, answered } = noting(config, codec);
  const coded = client(clientset);
  const name = object.metadata?.name ?? '';
  const fieldSelector = `metadata.name=${name}`;

  if (does('create')) {
    const created = await coded.create!(object);
    expect(sent).toEqual(new Set([codec.mediaType]));
    if (!does('get')) expect(answer(await json.create!(object))).toEqual(answer(created));
  }
  if (!does('get')) return;
  // Controllers of the server may write in between: what was read is compared with JSON of the same version.
  const expectSame = async (got: KubernetesObject): Promise<void> => {
    const exact = { resourceVersion: got.metadata?.resourceVersion, resourceVersionMatch: 'Exact' } as const;
    const { items } = does('list') ? await json.list!({ fieldSelector, ...exact }) : { items: [await json.get!(name)] };
    expect(items).toEqual([got]);
  };
  await expectSame(await coded.get!(name));
  if (does('list')) {
    // With all that the server has made of this kind by itself.
    const { items, metadata } = await coded.list!();
    expect(items.map((item) => item.metadata?.name)).toContain(name);
    const exact = { resourceVersion: metadata.resourceVersion, resourceVersionMatch: 'Exact' } as const;
    expect((await json.list!(exact)).items).toEqual(items);
    const reader = encodedObjects(restClientFor(noted), descriptor, items[0]?.metadata?.namespace);
    const encoded = (await reader.list(exact)).items;
    expect(encoded.map(({ bytes, decoder }) => decoder.decode(bytes))).toEqual(items.map(withoutManagedFields));
    expect(encoded.map(({ metadata: decoded }) => decoded)).toEqual(
      items.map((item) => withoutManagedFields(item).metadata),
    );
    expect(answered).toEqual(new Set([codec.mediaType]));
  }
  if (does('watch')) {
    for await (const event of coded.watch!({ fieldSelector, resourceVersion: '0' })) {
      expect(event.type).toBe('ADDED');
      await expectSame(event.object);
      break;
    }
    expect(answered).toContain(codec.watchMediaType);
  }
  if (does('update')) {
    await retryOnConflict(async () => {
      const current = await json.get!(name);
      expect(content(await coded.update!(current))).toEqual(content(current));
    });
    expect(sent).toEqual(new Set([codec.mediaType]));
  }
  if (does('delete')) {
    await json.delete!(name, { gracePeriodSeconds: 0 });
    await afterDelete?.(new Clientset(config));
    const goOn = json.patch!(name, { type: 'merge', patch: { metadata: { finalizers: null } } });
    await goOn.catch((error: unknown) => {
      expect(error).toSatisfy(isNotFound);
    });
  }
}

function withoutManagedFields(object: KubernetesObject): KubernetesObject {
  const metadata = { ...object.metadata };
  delete metadata.managedFields;
  return { ...object, metadata };
}

/** An object but for what tells that it was written. */
function content({ metadata, ...object }: KubernetesObject): object {
  return { ...object, metadata: { ...metadata, resourceVersion: undefined, managedFields: undefined } };
}

/** What an answer says that is made anew each time, in whatever order. */
function answer(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => JSON.stringify(answer(element))).toSorted();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === 'metadata' ? {} : answer(inner)]),
  );
}

let server: Environment | undefined;
let served: ReadonlyMap<string, Served>;

/** Starts a server with all that it has. */
async function start(version: string): Promise<void> {
  const gates = '--feature-gates=AllAlpha=true,AllBeta=true';
  server = await Environment.start({ version, apiServerFlags: ['--runtime-config=api/all=true', gates] });
  await new Clientset(server.config)
    .coreV1()
    .namespaces()
    .create({ metadata: { name: Walk } });
  served = await servedResources(restClientFor(server.config));
}

function defineComparison(codecs: readonly Named[]): void {
  describe.each(codecs)('is the same in %s as in JSON:', (_name, codec) => {
    test.for(rows.map((row) => [nameOf(row), row] as const))('%s', async ([name, row], { skip }) => {
      const resource = served.get(name);
      if (!resource) return skip('this server does not have it');
      await compare(row, resource, server!.config, codec);
    });

    test('an integer that a number cannot hold', async () => {
      const terminationGracePeriodSeconds = (2n ** 53n + 1n) as unknown as number;
      const spec = { terminationGracePeriodSeconds, containers: [{ name: 'main', image: 'nginx' }] };
      const [json, coded] = [[], [codec]].map((codecs) => {
        return new Clientset({ ...server!.config, codecs }).coreV1().pods('default');
      });
      for (const [writer, reader] of [
        [json!, coded!],
        [coded!, json!],
      ] as const) {
        const { metadata } = await writer.create({ metadata: { generateName: 'long-' }, spec });
        const pod = await reader.get(metadata?.name ?? '');
        expect(pod.spec?.terminationGracePeriodSeconds).toBe(terminationGracePeriodSeconds);
        expect((await reader.update(pod)).spec?.terminationGracePeriodSeconds).toBe(terminationGracePeriodSeconds);
      }
    });
  });
}

describeReal(
  'every resource of kube-apiserver 1.37',
  ['etcd', 'kubeApiserver'],
  () => {
    beforeAll(() => start('1.37'));
    afterAll(() => server?.[Symbol.asyncDispose]());

    defineComparison([inCbor, inProtobuf]);

    test('is read and written in JSON by tables that are older than the server', async () => {
      const messages = { ...coreV1Table.messages, ConfigMap: '1 metadata meta.ObjectMeta!' };
      const older = { ...coreV1Table, messages };
      const { clientset, sent, answered } = noting(server!.config, protobuf(older));
      const configMaps = clientset.coreV1().configMaps('default');
      const created = await configMaps.create({ metadata: { name: 'newer' }, data: { b: 'c' } });
      expect(created.data).toEqual({ b: 'c' });
      expect(await configMaps.get('newer')).toEqual(created);
      const fieldSelector = 'metadata.name=newer';
      expect((await configMaps.list({ fieldSelector })).items).toEqual([created]);
      for await (const { object } of configMaps.watch({ fieldSelector, resourceVersion: '0' })) {
        expect(object).toEqual(created);
        break;
      }
      expect([...sent]).toEqual(['application/json']);
      // Asked for once, and never again.
      expect([...answered]).toEqual(['application/vnd.kubernetes.protobuf', 'application/json']);
      const lenient = noting(server!.config, protobuf(older, { unknownFields: 'drop' }));
      const { data: _, ...others } = created;
      expect(await lenient.clientset.coreV1().configMaps('default').get('newer')).toEqual(others);
    });
  },
  '1.37',
);

describeReal(
  'every resource of kube-apiserver 1.34',
  ['etcd', 'kubeApiserver'],
  () => {
    beforeAll(() => start('1.34'));
    afterAll(() => server?.[Symbol.asyncDispose]());

    defineComparison([inProtobuf]);
  },
  '1.34',
);

for (const version of ['1.37', '1.34']) {
  describeReal(
    `kube-apiserver ${version} as it is without flags, which speaks no CBOR`,
    ['etcd', 'kubeApiserver'],
    () => {
      test('is spoken to in JSON', async () => {
        await using server = await Environment.start({ version });
        const { clientset, sent, answered } = noting(server.config, cbor());
        const configMaps = clientset.coreV1().configMaps('default');
        const created = await configMaps.create({ metadata: { name: 'a' }, data: { b: 'c' } });
        const fieldSelector = 'metadata.name=a';
        expect(await configMaps.get('a')).toEqual(created);
        expect((await configMaps.list({ fieldSelector })).items).toEqual([created]);
        for await (const { object } of configMaps.watch({ fieldSelector, resourceVersion: '0' })) {
          expect(object).toEqual(created);
          break;
        }
        expect((await configMaps.update({ ...created, data: { b: 'd' } })).data).toEqual({ b: 'd' });
        // Only what was written first was tried.
        expect([...sent]).toEqual(['application/cbor', 'application/json']);
        expect([...answered]).toEqual(['application/json']);
      });
    },
    version,
  );
}
