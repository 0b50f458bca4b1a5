import { array, assert, asyncProperty, boolean, constantFrom, dictionary, oneof, record } from 'fast-check';
import type { ManagedFieldsEntry } from '@client-ts/apimachinery';
import { expect, test } from 'vitest';
import { ApplyPatch, testServer } from '../request.test.kit.js';

interface Step {
  readonly kind: 'apply' | 'update';
  readonly manager: string;
  readonly data: Readonly<Record<string, string>>;
  readonly force: boolean;
}

const Fixed = { fixed: '0' };

/** What has to be true of the data of one ConfigMap, said as simply as can be. */
class Model {
  data: Record<string, string> = {};
  readonly owned = new Map<string, Set<string>>();

  /** @returns whether the step is a conflict, and changes nothing. */
  take({ kind, manager, data, force }: Step): boolean {
    const id = `${kind} ${manager}`;
    const changed = Object.keys(data).filter((key) => this.data[key] !== data[key]);
    const others = [...this.owned].filter(([other]) => other !== id);
    if (kind === 'apply') {
      if (!force && others.some(([, keys]) => changed.some((key) => keys.has(key)))) return true;
      const dropped = [...(this.owned.get(id) ?? [])].filter((key) => !Object.hasOwn(data, key));
      const gone = dropped.filter((key) => !others.some(([, keys]) => keys.has(key)));
      this.data = { ...this.data, ...data };
      for (const key of gone) delete this.data[key];
      for (const [, keys] of others) for (const key of changed) keys.delete(key);
      this.owned.set(id, new Set(Object.keys(data)));
      return false;
    }
    const removed = Object.keys(this.data).filter((key) => !Object.hasOwn(data, key));
    for (const keys of this.owned.values()) for (const key of [...changed, ...removed]) keys.delete(key);
    this.owned.set(id, new Set([...(this.owned.get(id) ?? []), ...changed]));
    this.data = { ...data };
    return false;
  }
}

function ownersOf(entries: readonly ManagedFieldsEntry[] = []): Record<string, string[]> {
  const owners = entries.map(({ manager, operation, fieldsV1 }): [string, string[]] => {
    const { 'f:data': data = {} } = fieldsV1 as { 'f:data'?: object };
    const keys = Object.keys(data).filter((element) => element !== '.');
    return [`${operation === 'Apply' ? 'apply' : 'update'} ${manager}`, keys.map((element) => element.slice(2))];
  });
  return Object.fromEntries(owners.filter(([, keys]) => keys.length > 0));
}

const step = record({
  kind: oneof({ weight: 3, arbitrary: constantFrom('apply' as const) }, constantFrom('update' as const)),
  manager: constantFrom('a', 'b', 'c'),
  data: dictionary(constantFrom('x', 'y', 'z'), constantFrom('1', '2')),
  force: boolean(),
});

test('whatever is applied and updated, data and owners are those of the model', async () => {
  await assert(
    asyncProperty(array(step, { maxLength: 12, size: 'max' }), async (steps) => {
      const { send } = testServer();
      const path = '/api/v1/namespaces/default/configmaps/c';
      const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } };
      const model = new Model();
      // Something that stays, so that data is never empty: emptiness can be owned, too.
      await send('PATCH', `${path}?fieldManager=first`, { type: ApplyPatch, body: { ...config, data: Fixed } });
      for (const taken of steps) {
        const { kind, manager, data, force } = taken;
        const { status, body } =
          kind === 'apply'
            ? await send('PATCH', `${path}?fieldManager=${manager}&force=${force}`, {
                type: ApplyPatch,
                body: { ...config, data },
              })
            : await send('PUT', `${path}?fieldManager=${manager}`, {
                body: { ...config, data: { ...Fixed, ...data } },
              });
        expect(status).toBe(model.take(taken) ? 409 : 200);
        if (status === 409) continue;
        expect(body['data']).toEqual({ ...Fixed, ...model.data });
        const expected = [...model.owned].filter(([, keys]) => keys.size > 0);
        const owners = expected.map(([id, keys]): [string, string[]] => [id, [...keys].toSorted()]);
        expect(ownersOf(body.metadata?.managedFields)).toEqual({
          'apply first': ['fixed'],
          ...Object.fromEntries(owners),
        });
      }
    }),
  );
});
