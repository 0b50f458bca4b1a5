import { type Pod, pods } from '@client-ts/api/core/v1';
import { coreV1Table } from '@client-ts/api/core/v1/protobuf';
import { type Codec, type EncodedObject, type KubernetesList, NamespaceAll } from '@client-ts/apimachinery';
import { encodedObjects, RestClient, type Transport } from '@client-ts/rest';
import { cbor } from '@client-ts/serializer/cbor';
import { protobuf } from '@client-ts/serializer/protobuf';
import { type Benchmark, type Contender, contest, type Outcome } from './benchmark.js';
import { collectGarbage } from './collect-garbage.js';
import { timed } from './measure.js';
import { chunksOf, memoryTransport } from './memory-transport.js';
import { podListChunks } from './pod-list.js';
import { eachPod, makePods } from './pods.js';

const host = 'http://in-memory.invalid';

/** A list of pods in each representation. */
export const codecDecoding: Benchmark = {
  name: 'codecs',
  title: 'a list of pods as JSON, protobuf and CBOR, from bytes to an array',
  unit: 'pod',
  size: 10_000,
  async prepare(size) {
    const list = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items: makePods(size) };
    const inJson = podListChunks(eachPod(0, size));
    const coded = (name: string, codec: Codec): [Contender, ...Contender[]] =>
      contenders(name, chunksOf(codec.encode(list)), codec);
    return contest(
      {
        name: 'floor: JSON.parse of the whole',
        run: () =>
          heldBy(async () => {
            const bytes = Buffer.concat(inJson);
            return (JSON.parse(bytes.toString('utf8')) as KubernetesList<Pod>).items;
          }),
      },
      ...contenders('JSON', inJson),
      ...coded('protobuf', protobuf(coreV1Table)),
      ...coded('CBOR', cbor()),
    );
  },
};

/** What a client can ask for; all of it is decoded as it arrives. */
function contenders(name: string, chunks: readonly Uint8Array[], codec?: Codec): [Contender, ...Contender[]] {
  const transport = answering(chunks, codec?.mediaType ?? 'application/json');
  const rest = new RestClient({ host, transport, codecs: codec && [codec] });
  const client = rest.resource(pods, NamespaceAll);
  const contender = (what: string, list: () => AsyncIterable<Pod | EncodedObject<Pod>>): Contender => ({
    name: `${name}: ${what}`,
    run: () => heldBy(() => allOf(list())),
  });
  return [
    contender('objects', () => client.listItems()),
    contender('objects without managed fields', () => client.listItems({ dropManagedFields: true })),
    contender('encoded objects', () => encodedObjects(rest, pods, NamespaceAll).listItems!()),
  ];
}

function answering(chunks: readonly Uint8Array[], contentType: string): Transport {
  const transport = memoryTransport(() => ({ chunks }));
  return {
    ...transport,
    request: async (request) => ({ ...(await transport.request(request)), headers: { 'content-type': contentType } }),
  };
}

async function allOf<V>(values: AsyncIterable<V>): Promise<V[]> {
  const all: V[] = [];
  for await (const value of values) all.push(value);
  return all;
}

/** What it takes to decode, and how much memory the objects hold when all else is gone. */
async function heldBy(decode: () => Promise<readonly object[]>): Promise<Outcome> {
  const heap = process.memoryUsage().heapUsed;
  const { result: objects, ...spent } = await timed(decode);
  collectGarbage();
  const heapBytes = process.memoryUsage().heapUsed - heap;
  const encodedBytes = objects.reduce((sum, object) => sum + lengthOf(object), 0);
  return {
    units: objects.length,
    spent,
    counts: { 'heap B/pod': heapBytes / objects.length, 'bytes B/pod': encodedBytes / objects.length },
  };
}

function lengthOf(object: object): number {
  return 'bytes' in object ? (object.bytes as Uint8Array).length : 0;
}
