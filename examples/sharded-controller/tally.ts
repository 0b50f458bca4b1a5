import { type ConfigMap, configMaps } from '@client-ts/api/core/v1';
import type { SharedIndexInformer } from '@client-ts/cache';
import { Controller } from '@client-ts/controller';
import { SharedInformerFactory } from '@client-ts/informers';
import { type FencingToken, isFencedOff } from '@client-ts/leaderelection';
import { type Config, restClientFor } from '@client-ts/rest';
import { type FilteredBy, sharded, ShardMember, type ShardMemberOptions } from '@client-ts/sharding';

/** On a ConfigMap: how many characters its data has. */
export const TallyAnnotation = 'sharded-controller.example.com/tally';
/** On a ConfigMap: in whose name that was written. */
const TokenAnnotation = 'sharded-controller.example.com/token';

export interface TallyOptions extends Pick<
  ShardMemberOptions,
  'identity' | 'shards' | 'leaseDurationMs' | 'renewDeadlineMs' | 'retryPeriodMs' | 'onError'
> {
  readonly namespace: string;
  /** Ends it, in good order. */
  readonly signal: AbortSignal;
  /** Told of each tally, when it begins; what it returns is disposed of when that has ended. */
  readonly observe?: (uid: string, token: FencingToken) => Disposable;
  readonly onMember?: (member: ShardMember) => void;
  readonly onInformer?: (informer: SharedIndexInformer<ConfigMap>) => void;
  readonly onFilteredBy?: (by: FilteredBy) => void;
  /** How many at a time. Default: 4. */
  readonly concurrency?: number;
}

/** One of several processes that write on each ConfigMap of a namespace how long it is. Resolves when it has given everything up. */
export async function runTally(config: Config, options: TallyOptions): Promise<void> {
  const { namespace, signal, observe, onMember, onInformer, onFilteredBy, concurrency = 4, ...own } = options;
  const member = new ShardMember(config, { namespace, name: 'tally', ...own });
  onMember?.(member);
  await using informers = new SharedInformerFactory(config, { namespace, onError: own.onError });
  const informer = informers.informer(sharded(configMaps, member, { onFilteredBy }));
  onInformer?.(informer);
  const client = restClientFor(config).resource(configMaps, namespace);
  const controller = new Controller({
    name: 'tally',
    primary: informer,
    informers,
    partition: member,
    concurrency,
    onError: own.onError,
    async reconcile(request, { object, signal }) {
      const tally = object && tallyOf(object);
      if (!object?.metadata?.uid || object.metadata.annotations?.[TallyAnnotation] === tally) return;
      const token = member.fencingToken(request);
      // It was lost since the controller has looked.
      if (!token) return;
      using _ = observe?.(object.metadata.uid, token);
      // In one step with the look at the token: the update fails when the object is no longer as it is here.
      const written = tokenOf(object);
      // What was written when there was another number of shards has a token of another one, and is of long ago.
      if (written?.lock === token.lock && isFencedOff(token, written))
        throw new Error(`${request.key}: ${token.holder} no longer holds it`);
      const annotations = {
        ...object.metadata.annotations,
        [TallyAnnotation]: tally!,
        [TokenAnnotation]: textOf(token),
      };
      await client.update({ ...object, metadata: { ...object.metadata, annotations } }, { signal });
    },
  });
  // The controller goes on until the member has given everything up: then no reconcile runs any more.
  const over = new AbortController();
  const working = controller.run({ signal: over.signal });
  // Handled below, whatever comes first.
  working.catch(() => {});
  await member.run({ signal }).finally(() => over.abort());
  await working;
}

export function tallyOf({ data = {} }: ConfigMap): string {
  return String(Object.entries(data).reduce((sum, [name, value]) => sum + name.length + value.length, 0));
}

/** In whose name the tally was written; nobody's, where it says so in another way. */
export function tokenOf({ metadata }: ConfigMap): FencingToken | undefined {
  const [lock = '', transitions = '', holder = ''] = (metadata?.annotations?.[TokenAnnotation] ?? '').split(' ');
  return holder === '' ? undefined : { lock, transitions: Number(transitions), holder };
}

function textOf({ lock, transitions, holder }: FencingToken): string {
  return `${lock} ${transitions} ${holder}`;
}
