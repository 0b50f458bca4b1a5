import { type LeaseCandidate, leaseCandidates } from '@client-ts/api/coordination/v1beta1';
import { Backoff, type Clock, microTime, onAbort, realClock, retryOnConflict, sleep } from '@client-ts/apimachinery';
import { isNotFound } from '@client-ts/apimachinery/errors';
import { type Config, type ResourceInterface, RestClient } from '@client-ts/rest';
import { leaseConfig } from './lease-config.js';

/** As client-go's `requeueInterval`: the control plane forgets candidates that have not renewed for half an hour. */
const RenewIntervalMs = 5 * 60_000;
/** A request that is not answered by then is tried again. */
const RequestTimeoutMs = 10_000;
/** A watch that ends at once does not make for one request after the other. */
const RetryBackoff = { durationMs: 1000, factor: 2, jitter: 0.5, capMs: 30_000 } as const;

export interface CandidacyOptions {
  readonly namespace: string;
  /** Of the LeaseCandidate: the identity of the elector's lock. */
  readonly name: string;
  /** The Lease that it is a candidate for, in the same namespace. */
  readonly leaseName: string;
  /** Of the program, as a semantic version: `1.37.0`. */
  readonly binaryVersion: string;
  /** The version that it behaves as. Default: none is told. */
  readonly emulationVersion?: string | undefined;
  /** How the control plane is to choose. Default: `OldestEmulationVersion`, which needs an `emulationVersion`. */
  readonly strategy?: string | undefined;
  /** Told about requests that failed, all of which are tried again. Must not throw. Default: nobody. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Default: real time. */
  readonly clock?: Clock | undefined;
  /** What time to write, in milliseconds since the epoch. Default: the wall clock, or `clock` if given. */
  readonly wallClock?: (() => number) | undefined;
}

/**
 * Keeps a `LeaseCandidate` of coordination.k8s.io/v1beta1, by which the control plane knows whom it can choose as the leader of a
 * coordinated election (KEP-4355): makes it, renews it every five minutes, and answers when the control plane asks whether somebody
 * is there. Goes with `LeaderElectionConfig.coordinated`.
 *
 * Runs until `signal` aborts, and then resolves. The object stays, and is forgotten by the control plane.
 *
 * @see https://kubernetes.io/docs/concepts/cluster-administration/coordinated-leader-election/
 */
export async function runCandidacy(
  config: Config,
  options: CandidacyOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const { clock = realClock, onError } = options;
  const client = new RestClient(leaseConfig(config), clock);
  const candidacy = new Candidacy(client.resource(leaseCandidates, options.namespace), options);
  const backoff = new Backoff(RetryBackoff, clock);
  while (!signal.aborted) {
    try {
      const current = await candidacy.renew(signal);
      const begun = clock.now();
      const isAsked = await candidacy.untilDue(current, signal);
      if (isAsked || clock.now() - begun >= RetryBackoff.durationMs) backoff.reset();
      if (isAsked) continue;
    } catch (error) {
      if (signal.aborted) return;
      onError?.(error);
    }
    await sleep(clock, backoff.step(), signal).catch(() => {});
  }
}

class Candidacy {
  readonly #candidates: ResourceInterface<LeaseCandidate, unknown>;
  readonly #options: CandidacyOptions;
  readonly #clock: Clock;

  constructor(candidates: ResourceInterface<LeaseCandidate, unknown>, options: CandidacyOptions) {
    this.#candidates = candidates;
    this.#options = options;
    this.#clock = options.clock ?? realClock;
  }

  /** Says that somebody is there, which answers whoever asked. */
  renew(signal: AbortSignal): Promise<LeaseCandidate> {
    const { name } = this.#options;
    const limits = { signal, timeoutMs: RequestTimeoutMs };
    return retryOnConflict(
      async () => {
        const current = await this.#candidates.get(name, limits).catch((error: unknown) => {
          if (isNotFound(error)) return undefined;
          throw error;
        });
        if (!current) return this.#candidates.create({ metadata: { name }, spec: this.#spec() }, limits);
        const spec = { ...current.spec, ...this.#spec(current.spec.pingTime) };
        return this.#candidates.update({ ...current, spec }, limits);
      },
      { clock: this.#clock, signal },
    );
  }

  /**
   * Resolves when it has to be renewed: when it is asked for or gone, after a while, and when nobody would tell.
   *
   * @returns whether it is asked for, which is to be answered at once.
   */
  async untilDue({ metadata, spec }: LeaseCandidate, signal: AbortSignal): Promise<boolean> {
    const due = new AbortController();
    const unlink = onAbort(signal, () => due.abort());
    const timer = this.#clock.setTimeout(() => due.abort(), RenewIntervalMs);
    const watch = this.#candidates.watch({
      fieldSelector: `metadata.name=${this.#options.name}`,
      resourceVersion: metadata?.resourceVersion,
      signal: due.signal,
    });
    try {
      for await (const { type, object } of watch) {
        if (type === 'DELETED') return false;
        // What was there when it was renewed has been answered, whatever it says.
        if (type === 'MODIFIED' && object.spec.pingTime !== spec.pingTime && isAsked(object)) return true;
      }
    } catch (error) {
      if (!due.signal.aborted) throw error;
    } finally {
      unlink();
      this.#clock.clearTimeout(timer);
    }
    return false;
  }

  /** The answer is later than the question, by whatever clock that was asked. */
  #spec(pingTime?: string): LeaseCandidate['spec'] {
    const { leaseName, binaryVersion, emulationVersion, strategy = 'OldestEmulationVersion' } = this.#options;
    const wallMs = this.#options.wallClock?.() ?? (this.#options.clock ? this.#clock.now() : Date.now());
    const askedMs = Date.parse(pingTime ?? '');
    const renewTime = microTime(askedMs >= wallMs ? askedMs + 1 : wallMs);
    const spec = { leaseName, binaryVersion, strategy, renewTime };
    return emulationVersion === undefined ? spec : { ...spec, emulationVersion };
  }
}

/** Servers write times of this kind in one form, in which they compare as texts do. */
function isAsked({ spec: { pingTime, renewTime } }: LeaseCandidate): boolean {
  return pingTime !== undefined && (renewTime === undefined || renewTime < pingTime);
}
