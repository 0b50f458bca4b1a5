import type { CertificateSigningRequest } from '@client-ts/api/certificates/v1';
import { Clientset } from '@client-ts/clientset';
import type { Config } from '@client-ts/rest';

/** Says yes or no to each request for a certificate that comes in. Signing is for others. */
export class Approver implements AsyncDisposable {
  /** Names of the requests that were answered. */
  readonly answered: string[] = [];
  readonly #end = new AbortController();
  readonly #running: Promise<void>;

  constructor(config: Config, answer: 'Approved' | 'Denied') {
    this.#running = this.#run(config, answer).catch((error: unknown) => {
      if (!this.#end.signal.aborted) throw error;
    });
  }

  async #run(config: Config, type: 'Approved' | 'Denied'): Promise<void> {
    const { signal } = this.#end;
    const requests = new Clientset(config).certificatesV1().certificateSigningRequests();
    const { metadata } = await requests.list({ signal });
    for await (const event of requests.watch({ resourceVersion: metadata.resourceVersion, signal })) {
      if (event.type !== 'ADDED') continue;
      const conditions = [{ type, status: 'True', reason: 'Tested', message: 'by a test' }];
      const answered: CertificateSigningRequest = { ...event.object, status: { conditions } };
      await requests.updateApproval(answered, { signal });
      this.answered.push(event.object.metadata?.name ?? '');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#running;
  }
}
