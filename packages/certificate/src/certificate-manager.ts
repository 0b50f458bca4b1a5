import type { KeyObject } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { abortable, type Clock, onAbort, sleep, wallClock } from '@client-ts/apimachinery';
import type { Config, TlsConfig } from '@client-ts/rest';
import type { TlsSource } from '@client-ts/transport';
import { type CertificateObserver, warnOfFailures } from './certificate-event.js';
import { type AllNames, type CertificateNames, completeNames, missingNames } from './certificate-names.js';
import { namesOf } from './certificate-pem.js';
import { newCertificateRequest } from './certificate-request.js';
import type { CertificateStore } from './certificate-store.js';
import { KeyPair } from './key-pair.js';
import { clientUsages, type KeyUsage } from './key-usages.js';
import { checkKeyStrength, formatPrivateKey, generateKey } from './private-key.js';
import { requestCertificate, secondsOf } from './request-certificate.js';
import { RotationSchedule } from './rotation-schedule.js';
import { isHealthyAnswer } from './server-health.js';
import { waitForCertificate } from './wait-for-certificate.js';

/** How long one request may take to be approved and signed, as in client-go; then a new one is made. */
const IssueTimeoutMs = 15 * 60_000;

/** How often a template that may change is looked at, as in client-go. */
const TemplatePeriodMs = 1000;

/** The clock is looked at this often: it may have been set, or the machine have slept. */
const ClockPeriodMs = 10 * 60_000;

export interface CertificateManagerOptions {
  /**
   * Which server to ask, and as whom: as somebody who may create, get, list and watch `certificatesigningrequests`. A function is
   * given the certificate of now, and called for each attempt. Must not wait for the very certificate that is asked for.
   */
  readonly config: Config | ((current: KeyPair | undefined) => Config | Promise<Config>);
  /** Who is to sign, such as `kubernetes.io/kube-apiserver-client`. */
  readonly signerName: string;
  /**
   * Whom the certificate is for. One that does not say so is replaced at once. A function is called every second; while it gives
   * nothing, nothing is asked for.
   */
  readonly template: CertificateNames | (() => CertificateNames | undefined);
  /** What the certificate is to be good for. Default: `clientUsages`. */
  readonly usages?: readonly KeyUsage[] | ((key: KeyObject) => readonly KeyUsage[]) | undefined;
  /** How long certificates should count, in milliseconds from 600,000 on. Signers may do otherwise. Default: up to the signer. */
  readonly requestedDurationMs?: number | undefined;
  /** Keeps the certificate for the next run of the program. Default: none does. */
  readonly store?: CertificateStore | undefined;
  /**
   * What to begin with, as PEM text, when the store has nothing that still counts: it is put into the store, and replaced as soon
   * as possible.
   */
  readonly bootstrap?: { readonly cert: string; readonly key: string } | undefined;
  /** Makes the private key of each request. Default: ECDSA on P-256. RSA below 2048 bits and curves below 256 are refused. */
  readonly generateKey?: (() => KeyObject | Promise<KeyObject>) | undefined;
  readonly observer?: CertificateObserver | undefined;
  /** Ends the manager, as disposing does. */
  readonly signal?: AbortSignal | undefined;
  /** Default: the time of day. */
  readonly clock?: Clock | undefined;
}

interface Current {
  readonly pair: KeyPair;
  readonly names: AllNames;
}

/**
 * Sees to it that there is a certificate: asks for one through `certificates.k8s.io/v1` when there is none, when it does not say
 * what the template says, and when 70 to 90 % of its lifetime are over. When an attempt fails, the next one comes after 2 s, and
 * then after longer and longer pauses up to 32 s; the certificate of before stays in use. Keeps the process alive until it ends.
 */
export class CertificateManager implements AsyncDisposable {
  readonly #options: CertificateManagerOptions;
  readonly #clock: Clock;
  readonly #schedule: RotationSchedule;
  readonly #first: Promise<KeyPair>;
  readonly #end = new AbortController();
  #settleFirst: { resolve(pair: KeyPair): void; reject(error: Error): void } | undefined;
  #current: Current | undefined;
  #serverHealthy = false;
  #running: Promise<void> = Promise.resolve();

  private constructor(options: CertificateManagerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? wallClock;
    this.#schedule = new RotationSchedule(this.#clock);
    this.#first = new Promise((resolve, reject) => (this.#settleFirst = { resolve, reject }));
    this.#first.catch(() => undefined);
  }

  /**
   * Resolves when the store has been read. Rejects when that cannot be done, and with a `TypeError` or a `RangeError` for an option
   * that cannot be used.
   */
  static async start(options: CertificateManagerOptions): Promise<CertificateManager> {
    const { template, signerName, requestedDurationMs, signal } = options;
    signal?.throwIfAborted();
    if (typeof template !== 'function') completeNames(template, 'template');
    if (signerName === '') throw new TypeError('signerName: expected the name of a signer');
    if (requestedDurationMs !== undefined) secondsOf(requestedDurationMs);
    const manager = new CertificateManager(options);
    await manager.#begin();
    return manager;
  }

  /** The certificate to be used now; `undefined` as long as there has been none. It may have expired. */
  current(): KeyPair | undefined {
    return this.#current?.pair;
  }

  /** The same, or else the first one, once it is there. Rejects with `signal.reason`, or when the manager ends before. */
  waitForCurrent({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<KeyPair> {
    return abortable(this.#first, signal);
  }

  /**
   * Whether the last answer to a request for a certificate was that of a server which works, be it a refusal; false before the
   * first one.
   */
  get serverHealthy(): boolean {
    return this.#serverHealthy;
  }

  /**
   * The certificate for a transport: `newTransport({ tls: manager.tlsSource({ ca }) })`. New connections use the one of now; as
   * long as there has been none, requests wait for it.
   *
   * @param tls - what it does not say, such as the authorities to trust.
   */
  tlsSource(tls: TlsConfig = {}): TlsSource {
    let given: { readonly pair: KeyPair; readonly config: TlsConfig } | undefined;
    const give = (pair: KeyPair): TlsConfig => {
      if (given?.pair !== pair) given = { pair, config: { ...tls, cert: pair.cert, key: pair.key } };
      return given.config;
    };
    return ({ signal }) => (this.#current ? give(this.#current.pair) : this.waitForCurrent({ signal }).then(give));
  }

  /** Ends it; a request that was made is left on the server. Resolves when nothing runs any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#running;
  }

  async #begin(): Promise<void> {
    const { store, bootstrap, signal } = this.#options;
    const stored = await store?.current();
    if (stored && stored.notAfterMs > this.#clock.now()) {
      await this.#adopt(stored);
    } else if (bootstrap) {
      const pair = new KeyPair(bootstrap);
      await this.#adopt(pair);
      this.#schedule.force();
      await store
        ?.update(pair)
        .catch((error: unknown) => this.#emit({ type: 'failed', error: toError(error), delayMs: 0 }));
    }
    const unlink = signal && onAbort(signal, () => this.#end.abort());
    if (signal?.aborted) this.#end.abort();
    this.#running = this.#run(this.#end.signal).finally(() => {
      unlink?.();
      this.#settleFirst?.reject(new TypeError('the certificate manager has ended, and there was no certificate'));
    });
  }

  async #adopt(pair: KeyPair): Promise<AllNames> {
    const names = await namesOf(pair.leaf);
    this.#current = { pair, names };
    this.#schedule.adopt(pair);
    this.#settleFirst?.resolve(pair);
    return names;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#step(signal);
      } catch (error) {
        if (signal.aborted) return;
        const delayMs = this.#schedule.failed();
        this.#emit({ type: 'failed', error: toError(error), delayMs });
        await sleep(this.#clock, delayMs, signal).catch(() => undefined);
      }
    }
  }

  /** Waits for a while, or makes an attempt. */
  async #step(signal: AbortSignal): Promise<void> {
    const template = this.#template();
    const usable = template && this.#current && missingNames(this.#current.names, template).length === 0;
    const dueMs = template ? (usable ? this.#schedule.dueMs : -Infinity) : Infinity;
    const waitMs = dueMs - this.#clock.now();
    if (!template || waitMs > 0) {
      const periodMs = typeof this.#options.template === 'function' ? TemplatePeriodMs : ClockPeriodMs;
      return sleep(this.#clock, Math.min(waitMs, periodMs), signal);
    }
    const attempt = new AbortController();
    const unlink = onAbort(signal, () => attempt.abort(signal.reason));
    const watching = this.#watchTemplate(template, attempt);
    try {
      await this.#rotate(template, attempt.signal);
    } finally {
      unlink();
      attempt.abort();
      await watching;
    }
  }

  #template(): AllNames | undefined {
    const { template } = this.#options;
    const names = typeof template === 'function' ? template() : template;
    return names && completeNames(names, 'template');
  }

  /** A request that asks for something else than what is wanted by now is waited for no longer. */
  async #watchTemplate(asked: AllNames, attempt: AbortController): Promise<void> {
    if (typeof this.#options.template !== 'function') return;
    const { signal } = attempt;
    for (;;) {
      await sleep(this.#clock, TemplatePeriodMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        if (!isDeepStrictEqual(this.#template(), asked)) attempt.abort(new Error('the template has changed'));
      } catch (error) {
        attempt.abort(error);
      }
    }
  }

  async #rotate(template: AllNames, signal: AbortSignal): Promise<void> {
    const { store } = this.#options;
    const pair = await this.#obtain(template, signal);
    await store?.update(pair);
    const before = this.#current?.pair;
    const names = await this.#adopt(pair);
    const replacedAgeMs = before && this.#clock.now() - before.notBeforeMs;
    this.#emit({ type: 'rotated', certificate: pair.leaf, replacedAgeMs });
    // It is in use all the same: there is no better one. But asking for the same again at once would be of no use.
    const missing = missingNames(names, template);
    if (missing.length > 0) throw new Error(`the certificate that was issued lacks ${missing.join(', ')}`);
    if (this.#schedule.dueMs <= this.#clock.now())
      throw new Error(`the certificate that was issued is to be replaced already: it ends at ${pair.leaf.validTo}`);
    this.#schedule.succeeded();
  }

  /** Asks for a certificate, and waits for it. */
  async #obtain(template: AllNames, signal: AbortSignal): Promise<KeyPair> {
    const { config, signerName, usages = clientUsages, requestedDurationMs } = this.#options;
    const key = await (this.#options.generateKey ?? generateKey)();
    checkKeyStrength(key);
    const request = await newCertificateRequest(key, template);
    const server =
      typeof config === 'function' ? await abortable(Promise.resolve(config(this.current())), signal) : config;
    const wanted = {
      request,
      signerName,
      usages: typeof usages === 'function' ? usages(key) : usages,
      requestedDurationMs,
      signal,
    };
    const ref = await requestCertificate(server, wanted).catch((error: unknown) => {
      if (!signal.aborted) this.#serverHealthy = isHealthyAnswer(error);
      throw error;
    });
    this.#serverHealthy = true;
    this.#emit({ type: 'requested', name: ref.name });
    const cert = await waitForCertificate(server, ref, {
      signal,
      clock: this.#options.clock,
      timeoutMs: IssueTimeoutMs,
      onError: (error) => this.#emit({ type: 'watchFailed', error }),
    });
    return new KeyPair({ cert, key: formatPrivateKey(key) });
  }

  #emit(event: Parameters<CertificateObserver>[0]): void {
    try {
      (this.#options.observer ?? warnOfFailures)(event);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
