import { abortable, type Clock, realClock, sleep } from '@client-ts/apimachinery';

/** Looks whether something is well: throws, or rejects, when it is not. */
export type HealthCheck = (options: { readonly signal: AbortSignal }) => void | Promise<void>;

/** How a check ended. */
export interface HealthResult {
  readonly name: string;
  /** `undefined` when it is well. For logs: it may say what only operators should know. */
  readonly error: unknown;
}

export interface HealthReport {
  readonly healthy: boolean;
  readonly results: readonly HealthResult[];
}

export interface HealthChecksOptions {
  /** After how many milliseconds a check has failed that has not ended. Default: 1000, as long as a probe waits by default. */
  readonly timeoutMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** Checks by name, such as those that make a process live, or ready. None: all is well. */
export class HealthChecks {
  readonly #checks = new Map<string, HealthCheck>();
  readonly #timeoutMs: number;
  readonly #clock: Clock;

  constructor({ timeoutMs = 1000, clock = realClock }: HealthChecksOptions = {}) {
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
  }

  /**
   * Adds a check; disposing the result takes it away.
   *
   * @throws RangeError when there is one of that name, or it could not stand in a path.
   */
  add(name: string, check: HealthCheck): Disposable {
    if (!/^[\w.-]+$/.test(name))
      throw new RangeError(`health check ${JSON.stringify(name)}: expected letters, digits, ".", "_" and "-"`);
    if (this.#checks.has(name)) throw new RangeError(`health check ${name}: there is one of that name`);
    this.#checks.set(name, check);
    return {
      [Symbol.dispose]: () => {
        if (this.#checks.get(name) === check) this.#checks.delete(name);
      },
    };
  }

  has(name: string): boolean {
    return this.#checks.has(name);
  }

  /** All checks at the same time, or those that are named. Never rejects. */
  async check(names: readonly string[] = [...this.#checks.keys()]): Promise<HealthReport> {
    const results = await Promise.all(names.map((name) => this.#run(name)));
    return { healthy: results.every(({ error }) => error === undefined), results };
  }

  async #run(name: string): Promise<HealthResult> {
    const check = this.#checks.get(name);
    if (!check) return { name, error: new Error('there is no such check') };
    const [late, done] = [new AbortController(), new AbortController()];
    const { signal } = late;
    const timer = sleep(this.#clock, this.#timeoutMs, done.signal).then(
      () => late.abort(new Error(`it did not end within ${this.#timeoutMs} ms`)),
      () => {},
    );
    try {
      await abortable((async () => check({ signal }))(), signal);
      return { name, error: undefined };
    } catch (error) {
      return { name, error: error ?? new Error('it failed') };
    } finally {
      done.abort();
      await timer;
    }
  }
}
