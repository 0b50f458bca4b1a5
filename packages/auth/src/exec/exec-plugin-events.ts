import { X509Certificate } from 'node:crypto';
import { channel } from 'node:diagnostics_channel';
import type { ExecCredential } from './exec-credential.js';
import type { ExecPluginCallStatus, ExecPluginEvent, ExecPluginObserver, ObservedPlugin } from './exec-plugin-event.js';

/** Tells what a plugin does to whoever wants to know: `client-ts:auth:<type>` channels, and an observer. */
export class ExecPluginEvents {
  readonly #plugin: ObservedPlugin;
  readonly #observer: ExecPluginObserver | undefined;

  constructor(command: string, observer: ExecPluginObserver | undefined) {
    this.#plugin = { command };
    this.#observer = observer;
  }

  policyChecked(allowed: boolean): void {
    this.#emit({ type: 'policyChecked', plugin: this.#plugin, allowed });
  }

  called(status: ExecPluginCallStatus, exitCode: number): void {
    this.#emit({ type: 'called', plugin: this.#plugin, status, exitCode });
  }

  /** Tells of certificates, unless they are the same. */
  credentialCame(before: ExecCredential | undefined, { cert, key }: ExecCredential, now: number): void {
    if (before?.cert === cert && before?.key === key) return;
    this.#emit({
      type: 'certificateChanged',
      plugin: this.#plugin,
      expiresAt: cert === undefined ? undefined : Date.parse(new X509Certificate(cert).validTo),
      replacedAgeMs:
        before?.cert === undefined ? undefined : now - Date.parse(new X509Certificate(before.cert).validFrom),
    });
  }

  #emit(event: ExecPluginEvent): void {
    // What a subscriber throws, Node.js itself reports as uncaught.
    channel(`client-ts:auth:${event.type}`).publish(event);
    try {
      this.#observer?.(event);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
