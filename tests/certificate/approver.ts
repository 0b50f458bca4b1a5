import type { CertificateSigningRequest } from '@client-ts/api/certificates/v1';
import { Clientset } from '@client-ts/clientset';
import type { Config } from '@client-ts/rest';

/** Says yes or no to each request for a certificate that nobody has answered. Signing is for others. */
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
    const conditions = [{ type, status: 'True', reason: 'Tested', message: 'by a test' }];
    const answer = async (request: CertificateSigningRequest): Promise<void> => {
      if (request.status?.conditions) return;
      await requests.updateApproval({ ...request, status: { conditions } }, { signal });
      this.answered.push(request.metadata?.name ?? '');
    };
    // Somebody may have been faster than the list.
    const { items, metadata } = await requests.list({ signal });
    for (const request of items) await answer(request);
    for await (const { type, object } of requests.watch({ resourceVersion: metadata.resourceVersion, signal })) {
      if (type === 'ADDED') await answer(object);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#running;
  }
}
