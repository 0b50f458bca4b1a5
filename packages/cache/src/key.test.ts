import { describe, expect, test } from 'vitest';
import { metaNamespaceKey, splitMetaNamespaceKey } from './key.js';

describe('a key', () => {
  test.each([
    { metadata: { namespace: 'ns', name: 'a' }, key: 'ns/a' },
    { metadata: { name: 'a' }, key: 'a' },
    { metadata: { namespace: '', name: 'a' }, key: 'a' },
  ])('$key is that of $metadata, and is split into it', ({ metadata, key }) => {
    expect(metaNamespaceKey({ metadata })).toBe(key);
    expect(splitMetaNamespaceKey(key)).toEqual({ namespace: metadata.namespace ?? '', name: metadata.name });
  });

  test.each([{}, { metadata: {} }, { metadata: { name: '' } }, { metadata: { namespace: 'ns' } }])(
    'cannot be made of %j',
    (object) => {
      expect(() => metaNamespaceKey(object)).toThrow(new TypeError('object has no metadata.name'));
    },
  );

  test.each(['a/b/c', '//', 'a//b'])('%j is none', (key) => {
    expect(() => splitMetaNamespaceKey(key)).toThrow(new RangeError(`unexpected key format: ${JSON.stringify(key)}`));
  });

  test('splits as in client-go where parts are empty', () => {
    expect(splitMetaNamespaceKey('')).toEqual({ namespace: '', name: '' });
    expect(splitMetaNamespaceKey('ns/')).toEqual({ namespace: 'ns', name: '' });
    expect(splitMetaNamespaceKey('/a')).toEqual({ namespace: '', name: 'a' });
  });
});
