import { type ConfigMap, configMaps } from '@client-ts/api/core/v1';
import type { Environment } from '@client-ts/envtest';
import { SharedInformerFactory } from '@client-ts/informers';
import { type ResourceInterface, restClientFor } from '@client-ts/rest';
import { TallyAnnotation, tallyOf, tokenOf } from '../../examples/sharded-controller/tally.js';
import { ProcessGroup } from '../processes/process-group.js';
import { ClaimOrder } from './claim-order.js';
import type { Usage } from './worker-event.js';
import { type Span, WorkerProcess } from './worker-process.js';

/** So many requests at once, of the one who changes objects. */
const Parallel = 16;

export interface SceneOptions {
  readonly objects: number;
  /** Of each object, in bytes. Default: 200. */
  readonly size?: number;
  /** Of the processes: so long it takes until others do the work of one that was killed; what is too short is lost when a machine is busy. */
  readonly leaseDurationMs: number;
}

/** Objects on a server, the processes that work on them, and who changes them and looks whether that is done. */
export class Scene extends ProcessGroup<WorkerProcess> {
  /** What the server took from who no longer held the shard. None is what is right. */
  readonly lateWrites: string[] = [];
  readonly #environment: Environment;
  readonly #objects: number;
  readonly #leaseDurationMs: number;
  readonly #client: ResourceInterface<ConfigMap, unknown>;
  readonly #informers: SharedInformerFactory;
  readonly #text: string;
  readonly #writes = new ClaimOrder();
  #round = 0;
  /** Names of those that are not tallied as they are to be in this round. */
  readonly #undone = new Set<string>();

  constructor(environment: Environment, { objects, size = 200, leaseDurationMs }: SceneOptions) {
    super();
    this.#leaseDurationMs = leaseDurationMs;
    this.#environment = environment;
    this.#objects = objects;
    this.#text = 'x'.repeat(size);
    this.#client = restClientFor(environment.config).resource(configMaps, 'default');
    this.#informers = new SharedInformerFactory(environment.config, { namespace: 'default' });
    const see = (object: ConfigMap): void => {
      const { name = '', annotations } = object.metadata ?? {};
      if (object.data?.['round'] !== String(this.#round) || annotations?.[TallyAnnotation] !== tallyOf(object)) return;
      if (this.#undone.delete(name) && this.#undone.size === 0) this.check();
    };
    const onUpdate = (before: ConfigMap, object: ConfigMap): void => {
      if (tallyIn(before) !== tallyIn(object)) this.#seeWrite(object);
      see(object);
    };
    this.#informers.informer(configMaps).addEventHandler({ onAdd: see, onUpdate });
    this.#informers.start();
  }

  start(identity: string, mode: 'sharded' | 'alone' = 'sharded'): WorkerProcess {
    const { kubeconfig } = this.#environment;
    const options = { kubeconfig, mode, leaseDurationMs: this.#leaseDurationMs };
    return this.add(new WorkerProcess(identity, options, this.check));
  }

  /** Creates or changes every object. */
  async change(): Promise<void> {
    this.#round++;
    const names = Array.from({ length: this.#objects }, (_, n) => `object-${n}`);
    for (const name of names) this.#undone.add(name);
    const data = { round: String(this.#round), text: this.#text, longer: '.'.repeat(this.#round) };
    const rest = names.values();
    const work = async (): Promise<void> => {
      for (const name of rest) {
        if (this.#round === 1) await this.#client.create({ metadata: { name }, data });
        else await this.#client.patch(name, { type: 'merge', patch: { data } });
      }
    };
    await Promise.all(Array.from({ length: Parallel }, work));
  }

  /** Resolves when every object has been worked on since it was changed. */
  async allDone(): Promise<void> {
    await this.until('every object to be done', () => this.#undone.size === 0);
  }

  /** Resolves when all shards are held, as these shares say, in any order. */
  async shares(...shares: readonly number[]): Promise<void> {
    const expected = shares.toSorted((a, b) => a - b).join();
    const held = (): string => {
      const alive = this.all.filter(({ exited }) => !exited).map(({ shards }) => shards);
      return alive.toSorted((a, b) => a - b).join();
    };
    await this.until(`shares of ${expected}`, () => held() === expected);
  }

  /** Ends all processes that run, in good order. */
  async stop(): Promise<void> {
    const running = this.all.filter(({ exited }) => !exited);
    for (const each of running) each.tell('stop');
    await Promise.all(running.map((each) => each.closed()));
  }

  async usageOf(worker: WorkerProcess): Promise<Usage> {
    const before = worker.usages().length;
    worker.tell('usage');
    return this.until('what it takes', () => worker.usages().at(before));
  }

  /** Of all processes, in the order of their beginnings. */
  spans(): Span[] {
    return this.all.flatMap((each) => each.spans()).toSorted((one, other) => one.from - other.from);
  }

  #seeWrite(object: ConfigMap): void {
    const token = tokenOf(object);
    const wrong = token && this.#writes.see(token);
    if (wrong !== undefined) this.lateWrites.push(`${object.metadata?.name}: ${wrong}`);
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]();
    await this.#informers.shutdown();
  }
}

function tallyIn({ metadata }: ConfigMap): string | undefined {
  return metadata?.annotations?.[TallyAnnotation];
}
