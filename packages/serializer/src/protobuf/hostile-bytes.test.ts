import { describe, expect, test } from 'vitest';
import { protobuf } from '../protobuf.js';
import { ProtobufError } from './protobuf-error.js';
import { bodyOf, drain, things, thingType } from './things.test.kit.js';

const codec = protobuf(things);
const options = { what: 'GET things', type: thingType };

/** A thing whose spec has these bytes. */
function specOf(...spec: readonly number[]): Uint8Array {
  return bodyOf([0x12, spec.length, ...spec]);
}

const cutOff = 'the message is cut off, or a length in it is wrong';
const otherType = 'the bytes are those of a value of another type';
const ten = (byte: number): number[] => Array.from({ length: 10 }, () => byte);

describe('it names what it cannot read:', () => {
  test.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'the answer is not protobuf of Kubernetes: its first bytes should be "k8s\\0"'],
    [
      'JSON',
      Buffer.from('{"kind":"Thing"}'),
      'the answer is not protobuf of Kubernetes: its first bytes should be "k8s\\0"',
    ],
    ['no object', Buffer.from('k8s\0'), 'there is no object in the answer'],
    ['another kind', bodyOf([], 'x'.repeat(100)), `no protobuf table has "${'x'.repeat(63)}…" of "example.com/v1"`],
    ['a length beyond the end', specOf(0x0a, 5, 65), `spec: ${cutOff}`],
    ['a length of four gigabytes', specOf(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f), `spec: ${cutOff}`],
    ['a length without an end', specOf(0x0a, ...ten(0xff)), 'spec: a length or the number of a field is too large'],
    ['a tag without an end', specOf(...ten(0xff), 1), 'spec: a length or the number of a field is too large'],
    ['an integer without an end', specOf(0x18, ...ten(0xff), 1), 'spec: an integer has more than ten bytes'],
    ['an integer that is cut off', specOf(0x18, 0xff), `spec: ${cutOff}`],
    ['a tag that is cut off', specOf(0x82), `spec: ${cutOff}`],
    ['a number that is cut off', specOf(0x29, 1, 2, 3), `spec: ${cutOff}`],
    ['a field with the number 0', specOf(0x02, 0), `spec: ${cutOff}`],
    ['the start of a group', specOf(0xfb, 0x01), 'spec: field 31 has a wire type that is not in use'],
    ['a string that is an integer', specOf(0x08, 1), `spec.name: ${otherType}`],
    ['an integer that is a string', specOf(0x12, 1, 65), `spec.size: ${otherType}`],
    ['a message that is an integer', specOf(0x60, 1), `spec.part: ${otherType}`],
    ['a list of messages that is integers', specOf(0x70, 1), `spec.parts: ${otherType}`],
    ['a list of strings that is integers', specOf(0x78, 1), `spec.names: ${otherType}`],
    ['a map that is an integer', specOf(0x88, 0x01, 1), `spec.labels: ${otherType}`],
    ['a map whose keys are integers', specOf(0x8a, 0x01, 2, 0x08, 1), `spec.labels: ${otherType}`],
    ['a time with a string in it', specOf(0x42, 3, 0x0a, 1, 65), `spec.begin: ${otherType}`],
    [
      'a time beyond all years',
      specOf(0x42, 7, 0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
      'spec.begin: a time is outside of the years that can be written',
    ],
    [
      'nanoseconds beyond a second',
      specOf(0x4a, 6, 0x10, 0xff, 0xff, 0xff, 0xff, 0x07),
      'spec.seen: a time has nanoseconds beyond a second',
    ],
    ['JSON that is none', specOf(0x5a, 3, 0x0a, 1, 0x7b), 'spec.raw: expected JSON'],
    ['integers beyond the end of their list', specOf(0x82, 0x01, 2, 1, 0x80), `spec: ${cutOff}`],
  ])('%s', (_, body, message) => {
    expect(() => codec.decode(body, options)).toThrow(new ProtobufError(`GET things: ${message}`));
  });

  test('messages that are hundreds deep', () => {
    let spec: number[] = [];
    for (let depth = 0; depth < 300; depth++) spec = [0xb2, 0x01, (spec.length & 127) | 128, spec.length >> 7, ...spec];
    const body = bodyOf([0x12, (spec.length & 127) | 128, spec.length >> 7, ...spec]);
    expect(() => codec.decode(body, options)).toThrow('more than 256 messages are within each other');
    const list = bodyOf([0x12, ...lengthOf(body.length - 30), ...body.subarray(30)], 'ThingList');
    expect(() => drain(codec.encodedListDecoder(options), list)).toThrow(ProtobufError);
  });
});

test('text that is no UTF-8 becomes what JSON would have of it', () => {
  expect(codec.decode(specOf(0x0a, 3, 0x61, 0xff, 0x62), options)).toMatchObject({ spec: { name: 'a\ufffdb' } });
});

test('numbers without tags in between are a list, too', () => {
  expect(codec.decode(specOf(0x82, 0x01, 3, 1, 2, 3), options)).toMatchObject({ spec: { ports: [1, 2, 3] } });
});

test('lists that are mixed with each other take time in proportion to their length', () => {
  const spec = Array.from({ length: 100_000 }, () => [0x7a, 1, 0x61, 0x72, 0]).flat();
  const {
    spec: { names, parts },
  } = codec.decode(bodyOf([0x12, ...lengthOf(spec.length), ...spec]), options) as unknown as {
    spec: { names: string[]; parts: object[] };
  };
  expect([names.length, parts.length]).toEqual([100_000, 100_000]);
});

describe('the object of a list or an event', () => {
  test('may not be larger than sixteen megabytes', () => {
    const list = codec.listDecoder(options);
    list.feed(bodyOf([0x12, ...lengthOf(17 * 2 ** 20), 0], 'ThingList').subarray(0, -1));
    expect(() => list.next()).toThrow('GET things: the list is cut off, or a length in it is wrong');
    const large = Uint8Array.of(0x6b, 0x38, 0x73, 0, 0x0a, ...lengthOf(17 * 2 ** 20));
    const another = codec.listDecoder(options);
    another.feed(large);
    expect(() => another.next()).toThrow('GET things: an object has more than 16777216 bytes');
    const watch = codec.watchDecoder(options);
    watch.feed(Uint8Array.of(1, 0, 0, 1));
    expect(() => watch.next()).toThrow('GET things: an event has more than 16777216 bytes');
  });
});

function lengthOf(length: number): number[] {
  const bytes: number[] = [];
  for (let rest = length; ; rest >>>= 7) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest & 127) | 128);
  }
}
