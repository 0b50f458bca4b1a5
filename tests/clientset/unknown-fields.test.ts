import type { Codec, KubernetesObject } from '@client-ts/apimachinery';
import { Clientset } from '@client-ts/clientset';
import type { Transport, TransportRequest } from '@client-ts/rest';
import { cbor } from '@client-ts/serializer/cbor';
import { expect, test } from 'vitest';

/** As a server answers that is newer than the types: fields beside those that they know, on every level. */
const newer = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default', resourceVersion: '7', lineage: { parent: null } },
  spec: { containers: [{ name: 'main', image: 'nginx', sandbox: [{ level: 1.5 }, true] }], __proto__x: {}, tier: '' },
  status: { phase: 'Running', forecast: [] },
  provenance: { signature: 'AAEC', constructor: 'a field', toJSON: 1 },
};

/** Answers every request with the same object, and keeps what was sent. */
function answering(body: Uint8Array, contentType: string, sent: TransportRequest[]): Transport {
  return {
    request: (request) => {
      sent.push(request);
      return Promise.resolve({
        status: 200,
        headers: { 'content-type': contentType },
        body: (async function* () {
          await Promise.resolve();
          yield body;
        })(),
        discard: () => Promise.resolve(),
      });
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

const json = {
  mediaType: 'application/json',
  encode: (object: KubernetesObject) => new TextEncoder().encode(JSON.stringify(object)),
  decode: (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as KubernetesObject,
};
const representations: [string, Pick<Codec, 'mediaType' | 'encode' | 'decode'>, Codec[]][] = [
  ['JSON', json, []],
  ['CBOR', cbor(), [cbor()]],
];

test.each(representations)(
  'fields that the types do not know go back as they came, in %s',
  async (_name, codec, codecs) => {
    const sent: TransportRequest[] = [];
    const transport = answering(codec.encode(newer), codec.mediaType, sent);
    const pods = new Clientset({ host: 'http://server', transport, codecs }).coreV1().pods('default');
    const pod = await pods.get('web');
    expect(pod).toEqual(newer);
    await pods.update({ ...pod, metadata: { ...pod.metadata, labels: { a: 'b' } } });
    const { body, headers } = sent[1]!;
    expect(headers['content-type']).toBe(codec.mediaType);
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : (body as Uint8Array);
    const written = codec.decode(bytes, { what: 'PUT', type: { group: '', version: 'v1', kind: 'Pod' } });
    expect(written).toEqual({ ...newer, metadata: { ...newer.metadata, labels: { a: 'b' } } });
  },
);
