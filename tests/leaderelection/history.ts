import type { KubernetesObject, ListerWatcher } from '@client-ts/apimachinery';
import { InformerWatcher } from '@client-ts/watch';

/** What happens to objects of that name, whatever happens to the server: what it forgets with its end is left out. */
export function history<T extends KubernetesObject>(
  source: ListerWatcher<T>,
  name: string,
): { seen: T[]; end: () => Promise<void> } {
  const seen: T[] = [];
  const stop = new AbortController();
  const reading = (async () => {
    const watcher = new InformerWatcher(source, { signal: stop.signal, onError: () => {} });
    for await (const { object } of watcher) if (object.metadata?.name === name) seen.push(object);
  })();
  const ended = reading.catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    seen,
    async end() {
      stop.abort();
      await ended;
    },
  };
}
