import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import type { TlsConfig } from '@client-ts/rest';
import { secureContextOf } from './secure-context.js';
import type { TlsSource } from './tls-source.js';
import type { TransportEvents } from './transport-events.js';

const Fields = ['ca', 'cert', 'key', 'serverName', 'insecure'] as const satisfies readonly (keyof TlsConfig)[];

/** What a handshake needs. */
export interface TlsMaterial {
  readonly secureContext: SecureContext | undefined;
  /** For the handshake with a proxy: that is none of the certificate's business, and others may vouch for it. */
  readonly proxySecureContext: () => SecureContext | undefined;
  readonly serverName: string | undefined;
  readonly insecure: boolean;
}

/** The TLS identity of connections, which may change while they are open. */
export class TlsIdentity {
  readonly #source: TlsSource | undefined;
  readonly #events: TransportEvents;
  readonly #onChange: () => void;
  #config: TlsConfig | undefined;
  /** What the source gave last and could not be used: there is no point in trying it again. */
  #unusable: TlsConfig | undefined;
  #material: TlsMaterial | undefined;
  #version = 0;

  /**
   * @param onChange - called after an identity has taken the place of another.
   * @throws TypeError when fixed material cannot be used.
   */
  constructor(tls: TlsConfig | TlsSource | undefined, events: TransportEvents, onChange: () => void) {
    this.#events = events;
    this.#onChange = onChange;
    if (typeof tls === 'function') this.#source = tls;
    else this.#material = materialOf((this.#config = tls ?? {}));
  }

  get mayChange(): boolean {
    return this.#source !== undefined;
  }

  /** Another number is another identity. */
  get version(): number {
    return this.#version;
  }

  /** For the next handshake. */
  get material(): TlsMaterial {
    if (!this.#material) throw new TypeError('the TLS identity has not been asked for yet');
    return this.#material;
  }

  /**
   * Asks the source. Must have been awaited once before {@link material} is there.
   *
   * @param rejected - a handshake with the identity of now has failed.
   * @returns `undefined` when there is nothing to wait for.
   */
  refresh(signal: AbortSignal | undefined, rejected = false): Promise<void> | undefined {
    if (!this.#source) return undefined;
    const given = this.#source({ signal, rejected: rejected ? this.#config : undefined, onError: this.#report });
    if (given === this.#config) return undefined;
    return Promise.resolve(given).then((config) => this.#use(config));
  }

  #use(config: TlsConfig): void {
    if (config === this.#config || config === this.#unusable) return;
    let material: TlsMaterial;
    try {
      material = materialOf(config);
    } catch (error) {
      if (!this.#material) throw error;
      this.#unusable = config;
      this.#report(error as Error);
      return;
    }
    const before = this.#config;
    this.#config = config;
    this.#material = material;
    this.#version++;
    if (!before) return;
    this.#events.emit({ type: 'tlsReloaded', changed: Fields.filter((field) => before[field] !== config[field]) });
    this.#onChange();
  }

  readonly #report = (error: Error): void => {
    this.#events.emit({ type: 'tlsReloadFailed', error });
  };
}

function materialOf(tls: TlsConfig): TlsMaterial {
  const { ca, serverName, insecure = false } = tls;
  let proxy: SecureContext | undefined;
  return {
    secureContext: secureContextOf(tls),
    // All those authorities take a while to parse.
    proxySecureContext: () =>
      (proxy ??= ca === undefined ? undefined : createSecureContext({ ca: [...rootCertificates, ca] })),
    serverName,
    insecure,
  };
}
