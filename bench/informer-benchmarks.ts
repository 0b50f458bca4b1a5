import { Environment } from '@client-ts/envtest';
import { type Config, restClientFor } from '@client-ts/rest';
import type { Benchmark, Contender, Contest, Outcome } from './benchmark.js';
import { buildClientGo, type ClientGo, type ClientGoInformerOptions, missingGo } from './client-go.js';
import { collectGarbage } from './collect-garbage.js';
import {
  clientNode,
  deltaFIFO,
  floor,
  type InformerContender,
  own,
  type PodHolder,
  type PodServer,
} from './informer-contenders.js';
import { timed } from './measure.js';
import { eachPod } from './pods.js';
import { missingServer } from './missing-server.js';
import { ChangesEach, FewNamespace, madeUpRecording, realRecording, type Recording } from './recording.js';
import { startReplay } from './replay.js';
import { storePods } from './stored-pods.js';

const interned = own('interned and shared', { interned: true });
const compact = own('compact', { form: 'compact' });
const metadata = own('metadata', { form: 'metadata' });

/** Those that read JSON, and what the ways of this project cost and save. */
const readingJson: readonly InformerContender[] = [
  floor,
  clientNode,
  own('RealFIFO, managed fields kept', { keepManagedFields: true }),
  own('RealFIFO'),
  own('DeltaFIFO', { newQueue: deltaFIFO }),
  interned,
  compact,
];

const readingProtobuf: readonly InformerContender[] = [
  own('protobuf', { protobuf: true }),
  own('protobuf, interned and shared', { protobuf: true, interned: true }),
  own('protobuf, compact', { protobuf: true, form: 'compact' }),
];

/** By lists, which cost a server less CPU than initial events, and more memory. */
const listing: readonly InformerContender[] = [
  own('protobuf, by a list', { protobuf: true, watchList: false }),
  own('protobuf, compact, by a list', { protobuf: true, form: 'compact', watchList: false }),
];

type GoWay = Pick<Contender, 'name' | 'once'> & Pick<ClientGoInformerOptions, 'as' | 'strip'>;

const goReadingJson: readonly GoWay[] = [
  { name: 'client-go, JSON', as: 'json' },
  { name: 'client-go, dynamic', as: 'dynamic' },
];

/** Without managed fields, as informers of this project. It takes seconds, most of them to read JSON: once is enough. */
const goReadingJsonStripped: GoWay = { name: 'client-go, JSON, stripped', as: 'json', strip: true, once: true };

const goReadingProtobuf: readonly GoWay[] = [
  { name: 'client-go, protobuf', as: 'protobuf' },
  { name: 'client-go, protobuf, stripped', as: 'protobuf', strip: true },
];

const firstSync = { title: 'the first sync of an informer, over plain HTTP, in JSON', unit: 'pod' } as const;

/** The first sync with made-up pods in JSON; with client-go beside it where there is Go. */
export const informerSync: Benchmark = {
  ...firstSync,
  name: 'informer-10k',
  size: 10_000,
  prepare: async (size) =>
    syncing(
      await replayed(await madeUpRecording(size, 0)),
      [...readingJson, metadata],
      [...goReadingJson, goReadingJsonStripped],
    ),
};

/** With so many that each takes seconds: fewer ways, fewer rounds, and once those that take ten and more. */
export const informersSync: Benchmark = {
  ...firstSync,
  // Who asks for the informers does not mean these.
  name: 'informers-100k',
  size: 100_000,
  long: true,
  heavy: true,
  prepare: async (size) =>
    syncing(
      await replayed(await madeUpRecording(size, 0)),
      [
        floor,
        { ...clientNode, once: true },
        own('RealFIFO'),
        own('DeltaFIFO', { newQueue: deltaFIFO }),
        interned,
        compact,
        metadata,
      ],
      [{ name: 'client-go, JSON', as: 'json', once: true }],
    ),
};

/** Changes at full speed, after the first sync. */
export const informerChanges: Benchmark = {
  name: 'informer-changes',
  title: 'changes of pods at full speed, over plain HTTP, in JSON, two indexes and three handlers',
  unit: 'event',
  size: 20_000,
  heavy: true,
  prepare: async (size) =>
    changing(await replayed(await madeUpRecording(Math.ceil(size / ChangesEach))), readingJson, goReadingJson),
};

/** The same with what a real kube-apiserver has said. */
export const informerRecorded: Benchmark = {
  name: 'informer-recorded',
  title: 'changes of pods at full speed, as recorded from kube-apiserver, over plain HTTP',
  unit: 'event',
  size: 20_000,
  heavy: true,
  missing: () => missingServer() ?? missingGo(),
  prepare: async (size) =>
    changing(
      await replayed(await realRecording(Math.ceil(size / ChangesEach))),
      [...readingJson, ...readingProtobuf],
      [...goReadingProtobuf, ...goReadingJson],
    ),
};

export const informerReal: Benchmark = {
  name: 'informer-real',
  title: 'the first sync of an informer with a real kube-apiserver, over TLS',
  unit: 'pod',
  size: 10_000,
  heavy: true,
  missing: () => missingServer() ?? missingGo(),
  async prepare(size) {
    const environment = await Environment.start();
    await storePods(environment, eachPod(0, size));
    const { config, kubeconfig } = environment;
    const source: Source = {
      config,
      kubeconfig,
      startUrl: '',
      pods: size,
      changes: 0,
      collectGarbage: () => collectGarbageOf(config),
      [Symbol.asyncDispose]: () => environment[Symbol.asyncDispose](),
    };
    return syncing(
      source,
      [
        ...readingJson,
        metadata,
        ...readingProtobuf,
        ...listing,
        own('protobuf, metadata', { protobuf: true, form: 'metadata' }),
        own('protobuf, metadata, interned and shared', { protobuf: true, form: 'metadata', interned: true }),
      ],
      [...goReadingProtobuf, ...goReadingJson, goReadingJsonStripped],
    );
  },
};

/** What pods are had from, and how many there are. */
interface Source extends PodServer, AsyncDisposable {
  readonly pods: number;
  /** So many come after a POST. */
  readonly changes: number;
  readonly startUrl: string;
  /** That of the server, for one whose collector takes part. */
  readonly collectGarbage?: () => Promise<void>;
}

/** Every second sync or so kube-apiserver collects garbage, which takes as long as half of it: nobody is to have that by chance. */
async function collectGarbageOf(config: Config): Promise<void> {
  const response = await restClientFor(config).send({ method: 'GET', target: '/debug/pprof/heap', query: { gc: 1 } });
  await response.discard();
}

async function replayed(recording: Recording): Promise<Source> {
  const { pods, changes } = recording;
  const replay = await startReplay(recording);
  const { kubeconfig, startUrl } = replay;
  return {
    config: { host: replay.origin },
    kubeconfig,
    startUrl,
    pods,
    changes,
    [Symbol.asyncDispose]: () => replay[Symbol.asyncDispose](),
  };
}

/**
 * The first is measured against; what client-go does comes last.
 *
 * Of each that runs in this process another with few pods goes on for as long as the contest lasts, as others do in a
 * program. Without any, V8 throws away what it has compiled for their classes at each collection of garbage, of which a
 * measurement begins with several: every run would be as if it was not warmed up.
 */
async function contestOf(
  source: Source,
  contenders: readonly InformerContender[],
  run: (contender: InformerContender) => Promise<Outcome>,
  goWays: readonly GoWay[],
  runGo: (go: ClientGo, way: GoWay) => Promise<Outcome>,
): Promise<Contest> {
  const go = missingGo() === undefined ? await buildClientGo() : undefined;
  const others: PodHolder[] = [];
  for (const { start } of contenders) others.push(await start({ ...source, namespace: FewNamespace }));
  const contender = ({ name, once = false }: Pick<Contender, 'name' | 'once'>, work: Contender['run']): Contender => ({
    name: once ? `${name}, one run` : name,
    once,
    run: work,
  });
  const own = contenders.map((each) => contender(each, () => run(each)));
  const peers = go ? goWays.map((way) => contender(way, () => runGo(go, way))) : [];
  return {
    contenders: [...own, ...peers] as unknown as Contest['contenders'],
    async [Symbol.asyncDispose]() {
      for (const { stop } of others) await stop();
      await source[Symbol.asyncDispose]();
    },
  };
}

function syncing(source: Source, contenders: readonly InformerContender[], goWays: readonly GoWay[]): Promise<Contest> {
  const run = async ({ start }: InformerContender): Promise<Outcome> => {
    await source.collectGarbage?.();
    const before = await memory();
    const { result: holder, ...spent } = await timed(() => start(source));
    const after = await memory();
    const units = holder.size();
    await holder.stop();
    return { units, spent, counts: perPod(units, after.heap - before.heap, after.offHeap - before.offHeap) };
  };
  return contestOf(source, contenders, run, goWays, async (go, { as, strip }) => {
    await source.collectGarbage?.();
    const { pods, sync, heapBytes } = await go.informer({ kubeconfig: source.kubeconfig, as, strip });
    return { units: pods, spent: sync, counts: perPod(pods, heapBytes, 0) };
  });
}

function changing(
  source: Source,
  contenders: readonly InformerContender[],
  goWays: readonly GoWay[],
): Promise<Contest> {
  const { startUrl, changes } = source;
  const run = async ({ start }: InformerContender): Promise<Outcome> => {
    const holder = await start(source);
    collectGarbage();
    const { result: units, ...spent } = await timed(async () => {
      await fetch(startUrl, { method: 'POST' });
      await holder.changed(changes);
      return changes;
    });
    await holder.stop();
    return { units, spent };
  };
  return contestOf(source, contenders, run, goWays, async (go, { as, strip }) => {
    const { kubeconfig } = source;
    const result = await go.informer({ kubeconfig, as, strip, changes: { count: changes, start: startUrl } });
    return { units: result.changes.count, spent: result.changes.spent };
  });
}

/** In use after a collection of all garbage, in bytes. What is outside the heap is given back some time after it. */
async function memory(): Promise<{ heap: number; offHeap: number }> {
  collectGarbage();
  await new Promise((resolve) => setTimeout(resolve, 20));
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed, offHeap: external };
}

function perPod(pods: number, heap: number, offHeap: number): Record<string, number> {
  return { 'heap B/pod': Math.round(heap / pods), 'off-heap B/pod': Math.round(Math.max(offHeap, 0) / pods) };
}
