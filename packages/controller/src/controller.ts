import { abortable, type Clock, onAbort, realClock } from '@client-ts/apimachinery';
import type { CachedObject } from '@client-ts/cache';
import { watchfulSignal } from '@client-ts/leaderelection';
import {
  DelayingQueue,
  type DelayingQueueSnapshot,
  ExponentialFailureRateLimiter,
  LowPriority,
  PriorityQueue,
  type RateLimiter,
  type Work,
} from '@client-ts/workqueue';
import {
  ControllerError,
  type ControllerErrorHandler,
  type ControllerStage,
  newErrorReporter,
} from './controller-error.js';
import type { ControllerMetrics } from './controller-metrics.js';
import { checkOptions, type ControllerOptions } from './controller-options.js';
import { InFlight } from './in-flight.js';
import { InformerSource } from './informer-source.js';
import { type ObjectRef, type ReconcileRequest, refOf, requestOf } from './object-ref.js';
import { failureOf, type Outcome, outcomeOf } from './outcome.js';
import type { Reason } from './reason.js';
import type { ReconcileContext, ReconcileResult } from './reconcile.js';
import { ReconcileTimeoutError } from './reconcile-timeout-error.js';
import { Share } from './share.js';
import type { EnqueueOptions, Source, SourceTarget, StartedSource } from './source.js';
import { SurvivingRateLimiter } from './surviving-rate-limiter.js';
import { Traced, wordsOf } from './traced.js';
import { Turns } from './turns.js';

export interface RunOptions {
  /** Ends it in good order: nothing is begun any more, and what runs has `shutdownGraceMs` before its signal aborts. */
  readonly signal: AbortSignal;
  /** Ends it at once: nothing is begun any more, and the signals of what runs abort. Default: no leadership is needed. */
  readonly leading?: AbortSignal | undefined;
}

/**
 * The loop of a controller: whatever happens to objects makes them worth a reconcile, and workers reconcile them.
 *
 * - An object is never reconciled twice at the same time, and what happens to it meanwhile makes it worth another reconcile.
 * - What changes now goes before what was there at the start, and what a resync brings.
 * - One that failed is tried again later and later, unless it failed for good.
 * - Nothing that is thrown, by a reconcile, a predicate, a map or a stream, ends it: that is reported, with the object.
 */
export class Controller<T extends CachedObject = CachedObject> implements AsyncDisposable {
  readonly name: string;
  readonly #options: ControllerOptions<T>;
  readonly #clock: Clock;
  readonly #report: ControllerErrorHandler;
  readonly #queue: DelayingQueue<ReconcileRequest, Reason>;
  readonly #limiter: RateLimiter<ReconcileRequest | string>;
  readonly #sources: readonly Source[];
  readonly #started: StartedSource[] = [];
  readonly #inFlight = new InFlight();
  readonly #share: Share | undefined;
  readonly #traced: Traced | undefined;
  readonly #turns: Turns;
  readonly #stop = new AbortController();
  #metrics: ControllerMetrics | undefined;
  #warm: Promise<void> | undefined;
  #running: Promise<void> | undefined;
  #leading: AbortSignal | undefined;
  #ready = false;

  /** @throws RangeError or TypeError that names the option. */
  constructor(options: ControllerOptions<T>) {
    checkOptions(options);
    const { name, primary, partition, clock = realClock } = options;
    this.name = name;
    this.#options = options;
    this.#clock = clock;
    this.#report = newErrorReporter(options.onError);
    this.#limiter = options.rateLimiter
      ? new SurvivingRateLimiter(options.rateLimiter, (error, item) => {
          const key = typeof item === 'string' ? item : item.key;
          this.#fail('rate limiter', 'cannot tell when to try again', error, key);
        })
      : new ExponentialFailureRateLimiter();
    this.#queue = new DelayingQueue<ReconcileRequest, Reason>({
      name,
      clock,
      keyFunc: ({ key }) => key,
      queue: options.queue ?? new PriorityQueue(),
      metrics: options.metrics?.queues,
      mergeDelays: true,
    });
    this.#sources = [
      ...(primary ? [new InformerSource<T>(primary, (object) => [refOf(object)], options)] : []),
      ...(options.sources ?? []),
    ];
    this.#share = partition && this.#shareOf(partition);
    this.#traced = options.tracing && new Traced(options.tracing, name);
    this.#turns = new Turns(clock);
  }

  /** Whether all caches are full, and all that is in them has been enqueued: from then on it can work at once. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Makes an object worth a reconcile. Does nothing once the controller is to end. */
  enqueue(object: ObjectRef, options: EnqueueOptions = {}): void {
    if (this.#stop.signal.aborted) return;
    const request = requestOf(object);
    if (this.#owns(request)) this.#queue.add(request, options);
  }

  /** What waits, and what is being reconciled: to be looked at, logged, or served as JSON. */
  snapshot(): DelayingQueueSnapshot<ReconcileRequest, Reason> {
    return this.#queue.snapshot();
  }

  /**
   * Starts informers and sources, and resolves when the caches are full: all but working, as for one that waits for its turn to
   * lead. {@link run} does so by itself. Calls after the first wait for the same.
   *
   * Rejects when `signal` aborts, or informers stop, first.
   */
  warmUp(options: { readonly signal: AbortSignal }): Promise<void> {
    this.#warm ??= this.#warmUp(options.signal);
    return this.#warm;
  }

  /**
   * Reconciles until `signal` aborts, and resolves when all that was begun has ended: a reconcile that does not heed its signal
   * holds that up.
   *
   * Rejects when it has been run before, or when informers stop before their caches are full.
   */
  run(options: RunOptions): Promise<void> {
    if (this.#running) return Promise.reject(new Error(`${this.name}: a controller can be run once`));
    this.#running = this.#run(options);
    return this.#running;
  }

  /** Ends `run` in good order, and waits until it has. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#shutDown(new Error(`${this.name}: the controller was disposed of`));
    // Whoever called `run` hears how it ended.
    await this.#running?.catch(() => {});
    await this.#finish();
  }

  async #run({ signal, leading }: RunOptions): Promise<void> {
    const { name, concurrency = 1, metrics } = this.#options;
    this.#leading = leading;
    const links = [onStop(signal, () => this.#shutDown(signal.reason))];
    if (leading) links.push(onStop(leading, () => this.#shutDown(leading.reason, { atOnce: true })));
    this.#metrics = metrics?.controller({ name, concurrency, active: () => this.#inFlight.size });
    try {
      const stop = this.#stop.signal;
      await abortable(this.warmUp({ signal: stop }), stop);
      await Promise.all(Array.from({ length: concurrency }, () => this.#work()));
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    } finally {
      this.#shutDown(new Error(`${name}: the controller has ended`));
      for (const unlink of links) unlink();
      await this.#finish();
    }
  }

  async #warmUp(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#stop.signal.throwIfAborted();
    const { informers } = this.#options;
    const target: SourceTarget = {
      controller: this.name,
      clock: this.#clock,
      enqueue: (object, options) => this.#take(object, options),
      report: (stage, what, cause, key) => this.#fail(stage, what, cause, key),
    };
    for (const source of this.#sources) this.#started.push(source.start(target));
    informers?.start();
    await informers?.waitForCacheSync({ signal });
    for (const source of this.#started) await source.synced({ signal });
    this.#ready = true;
  }

  async #work(): Promise<void> {
    for await (using work of this.#queue) {
      await this.#process(work);
      await this.#turns.due();
    }
  }

  async #process(work: Work<ReconcileRequest, Reason>): Promise<void> {
    if (this.#stop.signal.aborted || this.#leading?.aborted) return;
    const { primary } = this.#options;
    const { key } = work.item;
    let object: T | undefined;
    try {
      object = primary?.indexer.getByKey(key);
    } catch (error) {
      this.#settle(work, failureOf(error));
      return;
    }
    const uid = object?.metadata?.uid;
    const request = uid === undefined ? work.item : { ...work.item, uid };
    if (!this.#owns(request)) return this.#limiter.forget(key);
    const outcome = await this.#reconcile(request, object, work.reasons);
    if (outcome) this.#settle(work, outcome);
    else this.#limiter.forget(key); // it is not for this process to try again
  }

  /** `undefined` when it was told to end before it had. */
  async #reconcile(
    request: ReconcileRequest,
    object: T | undefined,
    reasons: readonly Reason[],
  ): Promise<Outcome | undefined> {
    const { reconcileTimeoutMs: timeoutMs, recorder } = this.#options;
    const abort = new AbortController();
    const leading = this.#leading;
    const signal = leading ? watchfulSignal(abort, () => void leading.aborted) : abort.signal;
    const attempt = this.#limiter.numRequeues(request.key);
    const context: ReconcileContext<T> = { object, signal, reasons: wordsOf(reasons), attempt, recorder };
    const began = this.#clock.now();
    const end = this.#inFlight.begin(request, abort);
    let outcome: Outcome;
    let timedOut = false;
    const timer =
      timeoutMs === undefined
        ? undefined
        : this.#clock.setTimeout(() => {
            timedOut = true;
            this.#metrics?.timedOut();
            abort.abort(new ReconcileTimeoutError(timeoutMs));
          }, timeoutMs);
    try {
      outcome = outcomeOf(await this.#call(request, context, reasons));
    } catch (error) {
      const asked = abort.signal.aborted && isAnswerTo(abort.signal.reason, error);
      if (asked && !timedOut) return undefined;
      outcome = failureOf(asked ? abort.signal.reason : error);
    } finally {
      this.#clock.clearTimeout(timer);
      end();
    }
    this.#metrics?.reconciled(outcome, this.#clock.now() - began);
    return outcome;
  }

  #call(
    request: ReconcileRequest,
    context: ReconcileContext<T>,
    reasons: readonly Reason[],
  ): ReconcileResult | Promise<ReconcileResult> {
    const { reconcile } = this.#options;
    if (!this.#traced) return reconcile(request, context);
    return this.#traced.reconcile(request, reasons, () => reconcile(request, context));
  }

  #settle(work: Work<ReconcileRequest, Reason>, outcome: Outcome): void {
    const { item, priority, reasons } = work;
    switch (outcome.result) {
      case 'success':
        return this.#limiter.forget(item.key);
      case 'requeue_after':
        this.#limiter.forget(item.key);
        return this.#queue.addAfter(item, outcome.afterMs, { priority, reasons: ['asked for'] });
      case 'requeue':
        return this.#queue.addAfter(item, this.#limiter.when(item.key), { priority, reasons });
      case 'error': {
        if (outcome.terminal) this.#limiter.forget(item.key);
        const retryInMs = outcome.terminal ? undefined : this.#limiter.when(item.key);
        if (retryInMs !== undefined) this.#queue.addAfter(item, retryInMs, { priority, reasons });
        this.#fail('reconcile', 'could not reconcile', outcome.error, item.key, retryInMs);
      }
    }
  }

  /** From a source, whose mistakes are survived. */
  #take(object: ObjectRef, options: EnqueueOptions): void {
    try {
      this.enqueue(object, options);
    } catch (error) {
      this.#fail('source', 'could not take', error);
    }
  }

  #owns(request: ReconcileRequest): boolean {
    if (!this.#share) return true;
    try {
      const uid = this.#options.primary?.indexer.getByKey(request.key)?.metadata?.uid;
      return this.#share.owns(uid === undefined ? request : { ...request, uid });
    } catch (error) {
      this.#fail('partition', 'cannot tell whose is', error, request.key);
      return false;
    }
  }

  #shareOf(partition: NonNullable<ControllerOptions<T>['partition']>): Share {
    return new Share(partition, {
      clock: this.#clock,
      inFlight: this.#inFlight,
      graceMs: this.#options.releaseGraceMs ?? 5000,
      enqueue: (gained) => {
        for (const object of this.#options.primary?.indexer.list() ?? []) {
          const ref = refOf(object);
          if (gained(ref)) this.#take(ref, { priority: LowPriority, reasons: ['acquired'] });
        }
      },
    });
  }

  #fail(stage: ControllerStage, what: string, cause: unknown, key?: string, retryInMs?: number): void {
    this.#report(new ControllerError(what, cause, { controller: this.name, stage, key, retryInMs }));
  }

  /** Begins nothing any more. What runs has a while. */
  #shutDown(reason: unknown, { atOnce = false }: { readonly atOnce?: boolean } = {}): void {
    if (atOnce) this.#inFlight.abort(reason);
    if (this.#stop.signal.aborted) return;
    this.#stop.abort(reason);
    void this.#queue[Symbol.asyncDispose]();
    if (this.#inFlight.size === 0) return;
    const timer = this.#clock.setTimeout(() => this.#inFlight.abort(reason), this.#options.shutdownGraceMs ?? 30_000);
    void this.#inFlight.ended(() => true).then(() => this.#clock.clearTimeout(timer));
  }

  async #finish(): Promise<void> {
    for (const source of this.#started.splice(0)) await source[Symbol.asyncDispose]();
    this.#share?.[Symbol.dispose]();
    this.#metrics?.[Symbol.dispose]();
    this.#metrics = undefined;
  }
}

/** Also for one that has aborted already. */
function onStop(signal: AbortSignal, stop: () => void): () => void {
  if (signal.aborted) stop();
  return onAbort(signal, stop);
}

/** Whether what was thrown is how work ends that was told to. */
function isAnswerTo(reason: unknown, error: unknown): boolean {
  const { name, cause } = error instanceof Error ? error : {};
  return error === reason || cause === reason || name === 'AbortError';
}
