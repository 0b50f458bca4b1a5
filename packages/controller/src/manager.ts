import { onAbort } from '@client-ts/apimachinery';
import { type FencingToken, LeaderElector, type LeaderElectionConfig } from '@client-ts/leaderelection';
import type { RunOptions } from './controller.js';
import { HealthChecks, type HealthChecksOptions } from './health-checks.js';

/** A {@link Controller}, of whatever. */
export interface RunnableController extends AsyncDisposable {
  readonly name: string;
  readonly ready: boolean;
  warmUp(options: { readonly signal: AbortSignal }): Promise<void>;
  run(options: RunOptions): Promise<void>;
}

export interface ManagerOptions extends HealthChecksOptions {
  readonly controllers: readonly RunnableController[];
  /** Who among several processes reconciles. Default: all do, as with a partition. */
  readonly leaderElection?: Omit<LeaderElectionConfig, 'callbacks'> | undefined;
  /** Told the token of each term, for what is written as the leader. */
  readonly onLeading?: ((token: FencingToken) => void) | undefined;
}

/** How it ended: it was told to, or leadership was lost, and the process should be started anew. */
export type ManagerOutcome = 'cancelled' | 'lost';

/**
 * Several controllers with one end, one leadership, and one health.
 *
 * Caches are filled before leadership is sought, so that who takes over works at once. When the process is told to end, it leads until
 * all that was begun has ended, and gives the Lease up then. When leadership is lost, what runs is told to end at once.
 */
export class Manager implements AsyncDisposable {
  /** For liveness: fails when it holds a Lease that it did not renew. */
  readonly healthz: HealthChecks;
  /** For readiness: the caches are full. One that waits for its turn to lead is ready, too. */
  readonly readyz: HealthChecks;
  readonly #options: ManagerOptions;
  readonly #stop = new AbortController();
  readonly #elector: LeaderElector | undefined;
  /** Ends leadership. */
  readonly #over = new AbortController();
  #works = false;
  #running: Promise<ManagerOutcome> | undefined;
  #failure: { readonly error: unknown } | undefined;

  /** @throws RangeError when two controllers have one name; RangeError or TypeError when the election contradicts itself. */
  constructor(options: ManagerOptions) {
    this.#options = options;
    this.healthz = new HealthChecks(options);
    this.readyz = new HealthChecks(options);
    for (const controller of options.controllers)
      this.readyz.add(controller.name, () => {
        if (!controller.ready) throw new Error('its caches are not full');
      });
    if (!options.leaderElection) return;
    const onStartedLeading = (leading: AbortSignal, token: FencingToken) => this.#workAsLeader(leading, token);
    const elector = new LeaderElector({ ...options.leaderElection, callbacks: { onStartedLeading } });
    this.healthz.add('leaderElection', () => elector.check());
    this.#elector = elector;
  }

  /** Whether its controllers work: always, where nobody is elected. */
  isLeader(): boolean {
    return this.#elector?.isLeader() ?? true;
  }

  /**
   * Runs all controllers until `signal` aborts, leadership is lost, or one of them fails; resolves when all have ended, and rejects
   * with what one failed with.
   */
  run({ signal }: { readonly signal: AbortSignal }): Promise<ManagerOutcome> {
    if (this.#running) return Promise.reject(new Error('a manager can be run once'));
    this.#running = this.#run(signal);
    return this.#running;
  }

  /** Ends `run` in good order, and waits until it has. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error('the manager was disposed of'));
    // Whoever called `run` hears how it ended.
    await this.#running?.catch(() => {});
  }

  async #run(signal: AbortSignal): Promise<ManagerOutcome> {
    const { controllers } = this.#options;
    const stop = this.#stop;
    if (signal.aborted) stop.abort(signal.reason);
    const unlink = onAbort(signal, () => stop.abort(signal.reason));
    try {
      await this.#all((controller) => controller.warmUp({ signal: stop.signal }));
      if (stop.signal.aborted) return 'cancelled';
      if (this.#elector) return await this.#lead(this.#elector);
      await this.#work();
      return 'cancelled';
    } finally {
      unlink();
      // Also those that were warm, and never ran.
      await Promise.all(controllers.map((controller) => controller[Symbol.asyncDispose]()));
    }
  }

  /** The work ends before leadership does; until there is work, being told to end is the end. */
  async #lead(elector: LeaderElector): Promise<ManagerOutcome> {
    const stop = this.#stop.signal;
    const unlink = onAbort(stop, () => {
      if (!this.#works) this.#over.abort(stop.reason);
    });
    try {
      return await elector.run({ signal: this.#over.signal });
    } finally {
      unlink();
    }
  }

  async #workAsLeader(leading: AbortSignal, token: FencingToken): Promise<void> {
    this.#works = true;
    this.#options.onLeading?.(token);
    await this.#work(leading);
    this.#over.abort(this.#stop.signal.reason);
  }

  #work(leading?: AbortSignal): Promise<void> {
    return this.#all((controller) => controller.run({ signal: this.#stop.signal, leading }));
  }

  /** All at the same time; one that fails ends the others, which are waited for. Being told to end is no failure. */
  async #all(step: (controller: RunnableController) => Promise<void>): Promise<void> {
    const ends = this.#options.controllers.map(async (controller) => {
      try {
        await step(controller);
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        this.#failure = { error };
        this.#stop.abort(error);
      }
    });
    await Promise.all(ends);
    if (this.#failure) throw this.#failure.error;
  }
}
