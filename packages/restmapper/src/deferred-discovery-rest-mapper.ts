import {
  Backoff,
  type Clock,
  type GroupVersionKind,
  type GroupVersionResource,
  realClock,
  SingleFlight,
} from '@client-ts/apimachinery';
import type { ApiResources, GroupDiscoveryFailedError } from '@client-ts/discovery';
import { newDiscoveryRESTMapper } from './discovery-rest-mapper.js';
import { isNoKindMatch, isNoMatch, NoKindMatchError, NoResourceMatchError } from './mapping-errors.js';
import { discover, type Discovered, type ResourceDiscovery } from './resource-discovery.js';
import type {
  MapOptions,
  MappingOptions,
  PartialKind,
  PartialResource,
  RESTMapper,
  RESTMapping,
} from './rest-mapper.js';

/** After looking again was of no use: twice a second at first, so that a CRD that was just made is found soon. */
const FirstPauseMs = 500;

/** Who asks for ever for what is not there costs the server two looks a minute. */
const LongestPauseMs = 30_000;

export interface DeferredDiscoveryOptions {
  /** Default: real time. */
  readonly clock?: Clock | undefined;
}

/** What one look at the server gave. */
interface Look extends Discovered {
  readonly mapper: RESTMapper;
  /** Its place in the order of looks and questions. */
  readonly begun: number;
  /** Whether the server was asked for it, and not some memory, which is to be invalidated first. */
  readonly isFresh: boolean;
}

/**
 * Maps what a server serves; it is asked when that is first needed, and again when something is not found.
 *
 * A resource that the server had before the question is found. But what is missing is not looked for at every question: when a
 * look did not help, nobody looks again for 500 ms, then for twice as long each time, up to 30 seconds; meanwhile it is missing
 * still. A look that helps, and {@link reset}, end that. Questions at the same time share one look.
 *
 * Groups that cannot be discovered leave the others as they are: `failure` says what is missing, and so does the `cause` of a
 * `NoKindMatchError` or `NoResourceMatchError`. When nothing can be discovered at all, what was known before is still found, and
 * other questions reject with what discovery rejected with.
 */
export class DeferredDiscoveryRESTMapper implements RESTMapper, ResourceDiscovery {
  readonly #discovery: ResourceDiscovery;
  readonly #clock: Clock;
  readonly #pauses: Backoff;
  #flight = new SingleFlight<Look>();
  #known: Look | undefined;
  /** Why the last look gave nothing, if it did not. */
  #broken: { readonly error: unknown } | undefined;
  #notBefore = -Infinity;
  #order = 0;

  constructor(discovery: ResourceDiscovery, { clock = realClock }: DeferredDiscoveryOptions = {}) {
    this.#discovery = discovery;
    this.#clock = clock;
    this.#pauses = new Backoff({ durationMs: FirstPauseMs, factor: 2, capMs: LongestPauseMs }, clock);
  }

  /** Which groups the last look could not discover, and why; `undefined` when it found all, or there was none yet. */
  get failure(): GroupDiscoveryFailedError<ApiResources> | undefined {
    return this.#known?.failure;
  }

  /** Forgets what is known: the next question is answered by a look that begins after this. */
  reset(): void {
    this.#discovery.invalidate?.();
    this.#flight = new SingleFlight();
    this.#known = undefined;
    this.#calm();
  }

  /** As {@link reset}: whoever is given this mapper for a discovery that remembers may call it so. */
  invalidate(): void {
    this.reset();
  }

  /** What is known, which is what was last found. Rejects with a `GroupDiscoveryFailedError` when something is missing. */
  async groupsAndResources(options: MapOptions = {}): Promise<ApiResources> {
    const { found, failure } = this.#known ?? (await this.#look(options));
    if (failure) throw failure;
    return found;
  }

  kindFor(resource: PartialResource, options: MapOptions = {}): Promise<GroupVersionKind> {
    return this.#ask((mapper) => mapper.kindFor(resource), options);
  }

  kindsFor(resource: PartialResource, options: MapOptions = {}): Promise<readonly GroupVersionKind[]> {
    return this.#ask((mapper) => mapper.kindsFor(resource), options);
  }

  resourceFor(resource: PartialResource, options: MapOptions = {}): Promise<GroupVersionResource> {
    return this.#ask((mapper) => mapper.resourceFor(resource), options);
  }

  resourcesFor(resource: PartialResource, options: MapOptions = {}): Promise<readonly GroupVersionResource[]> {
    return this.#ask((mapper) => mapper.resourcesFor(resource), options);
  }

  restMapping(kind: PartialKind, options: MappingOptions = {}): Promise<RESTMapping> {
    return this.#ask((mapper) => mapper.restMapping(kind, options), options);
  }

  restMappings(kind: PartialKind, options: MappingOptions = {}): Promise<readonly RESTMapping[]> {
    return this.#ask((mapper) => mapper.restMappings(kind, options), options);
  }

  resourceSingularizer(resource: string, options: MapOptions = {}): Promise<string> {
    return this.#ask((mapper) => mapper.resourceSingularizer(resource), options);
  }

  /** A look that began after the question is an answer, also when it found nothing; but for one that may be old, once. */
  async #ask<T>(question: (mapper: RESTMapper) => Promise<T>, options: MapOptions): Promise<T> {
    options.signal?.throwIfAborted();
    const asked = ++this.#order;
    let look = this.#known ?? (await this.#look(options));
    for (let isMissing = false; ; isMissing = true) {
      try {
        const answer = await question(look.mapper);
        if (isMissing) this.#calm();
        return answer;
      } catch (error) {
        if (!isNoMatch(error)) throw error;
        if (look.begun > asked && (look.isFresh || isMissing)) this.#disappoint();
        if (this.#clock.now() < this.#notBefore) throw this.#missing(error, look);
        this.#discovery.invalidate?.();
        look = await this.#look(options);
      }
    }
  }

  #missing(error: NoResourceMatchError | NoKindMatchError, { failure }: Look): unknown {
    if (this.#broken) return this.#broken.error;
    if (!failure) return error;
    const options = { cause: failure };
    return isNoKindMatch(error)
      ? new NoKindMatchError(error.partialKind, error.searchedVersions, options)
      : new NoResourceMatchError(error.partialResource, options);
  }

  #look({ signal }: MapOptions): Promise<Look> {
    const flight = this.#flight;
    return flight.join(async (abandoned) => {
      const begun = ++this.#order;
      try {
        const discovered = await discover(this.#discovery, { signal: abandoned });
        const isFresh = this.#discovery.fresh?.() ?? true;
        const look = { ...discovered, mapper: newDiscoveryRESTMapper(discovered.found), begun, isFresh };
        if (flight === this.#flight) {
          this.#known = look;
          this.#broken = undefined;
        }
        return look;
      } catch (error) {
        if (flight === this.#flight && this.#known && !abandoned.aborted) {
          this.#broken = { error };
          this.#disappoint();
        }
        throw error;
      }
    }, signal);
  }

  /** Several questions that one look did not answer are one disappointment. */
  #disappoint(): void {
    const now = this.#clock.now();
    if (now >= this.#notBefore) this.#notBefore = now + this.#pauses.step();
  }

  #calm(): void {
    this.#broken = undefined;
    this.#notBefore = -Infinity;
    this.#pauses.reset();
  }
}
