import { isDeepStrictEqual } from 'node:util';
import { type KubernetesObject, retryOnConflict } from '@client-ts/apimachinery';
import { isNotFound } from '@client-ts/apimachinery/errors';
import { extract } from '@client-ts/applyconfigurations';
import { Clientset } from '@client-ts/clientset';
import { SharedInformerFactory } from '@client-ts/informers';
import type { Config } from '@client-ts/rest';
import { misfits } from './misfits.js';
import { type Row, Walk } from './row.js';
import type { Served } from './served.js';

const fieldManager = 'walk';

type Labelled = KubernetesObject & { status?: object };

/**
 * Does all that discovery lists for one resource, through its typed client, with an informer looking on.
 *
 * @returns what went wrong without an error: answers that are not as expected.
 */
export async function walk(
  { descriptor, client, object, status, afterDelete, without }: Row,
  type: string,
  served: Served,
  config: Config,
): Promise<string[]> {
  const problems: string[] = [];
  const expectThat = (what: string, holds: boolean, got: unknown): void => {
    if (!holds) problems.push(`${what}: ${JSON.stringify(got)}`);
  };
  const does = (verb: string): boolean => served.verbs.includes(verb) && without[verb] === undefined;
  const resource = client(new Clientset(config));
  const name = object.metadata?.name ?? '';
  const fieldSelector = `metadata.name=${name}`;

  const events: string[] = [];
  const seen = new Map<string, () => void>();
  const until = (event: string): Promise<void> =>
    new Promise((resolve) => {
      if (events.includes(event)) resolve();
      else seen.set(event, resolve);
    });
  const note = (event: string): void => {
    events.push(event);
    seen.get(event)?.();
  };
  const namespace = descriptor.scope === 'Namespaced' ? Walk : undefined;
  await using factory = new SharedInformerFactory(config, {
    namespace,
    tweakListOptions: (options) => ({ ...options, fieldSelector }),
    onError: (error) => problems.push(`informer: ${String(error)}`),
  });
  const watched = does('list') && does('watch');
  if (watched) {
    factory.informer(descriptor).addEventHandler({
      onAdd: () => note('add'),
      onUpdate: () => note('update'),
      onDelete: () => note('delete'),
    });
    factory.start();
    await factory.waitForCacheSync();
  }

  let current: Labelled = object;
  // Some resources have a controller in the server itself, which may write at any time.
  const write = (change: (found: Labelled) => Promise<Labelled>): Promise<Labelled> =>
    retryOnConflict(async () => change(does('get') ? await resource.get!(name) : current));
  if (does('create')) {
    current = await resource.create!(object);
    problems.push(...misfits(current, type));
  }
  if (watched) await until('add');
  if (does('get')) {
    const got = await resource.get!(name);
    expectThat('get', got.metadata?.uid === current.metadata?.uid, got);
    current = got;
  }
  if (does('list')) {
    const { items } = await resource.list!({ fieldSelector });
    expectThat('list', items.length === 1 && items[0]?.kind === descriptor.kind, items);
  }
  const changes =
    does('watch') && resource.watch!({ fieldSelector, resourceVersion: current.metadata?.resourceVersion });
  if (does('patch')) {
    current = await resource.patch!(name, { type: 'merge', patch: { metadata: { labels: { patched: 'yes' } } } });
    expectThat('patch', current.metadata?.labels?.['patched'] === 'yes', current.metadata);
    if (changes) {
      for await (const event of changes) {
        expectThat('watch', event.type === 'MODIFIED', event);
        break;
      }
    }
    const configuration = { ...object, metadata: { ...object.metadata, labels: { applied: 'yes' } } };
    for (let again: Labelled | undefined; !again || !isDeepStrictEqual(byOthers(again), byOthers(current));) {
      current = await resource.apply!(configuration, { fieldManager, force: true });
      expectThat('apply', current.metadata?.labels?.['applied'] === 'yes', current.metadata);
      const extracted = extract(descriptor, current, fieldManager);
      const expected = without['extract'] === undefined ? configuration : { metadata: configuration.metadata };
      expectThat('extract', contains(extracted, expected), { extracted, expected });
      again = await resource.apply!(extracted, { fieldManager });
      if (isDeepStrictEqual(byOthers(again), byOthers(current)))
        expectThat('apply what was extracted', isDeepStrictEqual(again, current), { again, current });
    }
  }
  if (does('update')) {
    current = await write((found) =>
      resource.update!({ ...found, metadata: { ...found.metadata, annotations: { updated: 'yes' } } }),
    );
    expectThat('update', current.metadata?.annotations?.['updated'] === 'yes', current.metadata);
  }
  if (watched && does('patch')) await until('update');
  if (served.subresources['status']?.includes('update') && without['status'] === undefined) {
    current = await write((found) =>
      resource.updateStatus!({ ...found, status: { ...found.status, ...status } } as Labelled),
    );
    expectThat('updateStatus', contains(current.status, status), current.status);
    problems.push(...misfits(current, type));
    const configuration = { metadata: { name, namespace }, ...(status && { status }) } as KubernetesObject;
    const applied: Labelled = await resource.applyStatus!(configuration, { fieldManager, force: true });
    expectThat('applyStatus', contains(applied.status, status), applied.status);
    const own = extract(descriptor, applied, fieldManager, { subresource: 'status' });
    expectThat('extract the status', contains(own, status && { status }), { own, status });
  }
  if (does('deletecollection')) await resource.deleteCollection!({}, { labelSelector: 'nobody=has-this' });
  if (does('delete')) {
    await resource.delete!(name, { gracePeriodSeconds: 0 });
    await afterDelete?.(new Clientset(config));
    // Controllers that would take their finalizers off do not run.
    await resource.patch!(name, { type: 'merge', patch: { metadata: { finalizers: null } } }).catch(
      (error: unknown) => {
        if (!isNotFound(error)) throw error;
      },
    );
    if (watched) await until('delete');
    const gone = await resource.get!(name).catch((error: unknown) => error);
    expectThat('delete', isNotFound(gone), gone);
  }
  return problems;
}

/** Who but the walk has written the object, and when. */
function byOthers({ metadata }: KubernetesObject): unknown {
  return metadata?.managedFields?.filter(({ manager }) => manager !== fieldManager);
}

/** Whether `value` has all that `part` says. */
function contains(value: unknown, part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return part === undefined || value === part;
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(part).every(([key, inner]) => contains((value as Record<string, unknown>)[key], inner))
  );
}
