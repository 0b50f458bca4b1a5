import type { CertificateEvent, CertificateObserver } from '@client-ts/certificate';

/** What a certificate manager has done, and what it does next. */
export class EventLog {
  readonly events: CertificateEvent[] = [];
  readonly #waiting = new Set<(event: CertificateEvent) => void>();

  readonly observer: CertificateObserver = (event) => {
    this.events.push(event);
    for (const wait of this.#waiting) wait(event);
  };

  /** The next event of a type. */
  next<K extends CertificateEvent['type']>(type: K): Promise<Extract<CertificateEvent, { type: K }>> {
    return new Promise((resolve) => {
      const wait = (event: CertificateEvent): void => {
        if (event.type !== type) return;
        this.#waiting.delete(wait);
        resolve(event as Extract<CertificateEvent, { type: K }>);
      };
      this.#waiting.add(wait);
    });
  }
}
