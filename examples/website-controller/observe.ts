import type { KubernetesObject } from '@client-ts/apimachinery';
import type { ResourceInterface } from '@client-ts/rest';

/**
 * Resolves with the first state of the object called `name` for which `condition` holds; `undefined` stands for an object
 * that does not exist. Lists once, then watches from there, so no state is missed.
 */
export async function observe<T extends KubernetesObject>(
  client: Pick<ResourceInterface<T, unknown>, 'list' | 'watch'>,
  name: string,
  condition: (object: T | undefined) => boolean,
  signal: AbortSignal,
): Promise<T | undefined> {
  const fieldSelector = `metadata.name=${name}`;
  const { items, metadata } = await client.list({ fieldSelector, signal });
  if (condition(items[0])) return items[0];
  let resourceVersion = metadata.resourceVersion;
  for (;;) {
    for await (const event of client.watch({ fieldSelector, resourceVersion, signal })) {
      resourceVersion = event.object.metadata?.resourceVersion;
      if (event.type === 'BOOKMARK') continue;
      const object = event.type === 'DELETED' ? undefined : event.object;
      if (condition(object)) return object;
    }
  }
}
