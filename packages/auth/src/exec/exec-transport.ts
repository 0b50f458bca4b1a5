import type {
  Transport,
  TransportRequest,
  TransportResponse,
  WebSocketRequest,
  WebSocketResponse,
} from '@client-ts/rest';
import type { CredentialSource, ExecCredential } from './exec-credential.js';

/**
 * Asks the plugin once more, and sends the request again, when the server refuses (401) who is known by a certificate alone.
 * With a token, whoever put it into the request does that.
 */
export class ExecTransport implements Required<Transport> {
  readonly #plugin: CredentialSource;
  readonly #transport: Required<Transport>;

  /** @param transport - takes its TLS identity from the same plugin. */
  constructor(plugin: CredentialSource, transport: Required<Transport>) {
    this.#plugin = plugin;
    this.#transport = transport;
  }

  request(request: TransportRequest): Promise<TransportResponse> {
    return this.#send(request, () => this.#transport.request(request));
  }

  openWebSocket(request: WebSocketRequest): Promise<WebSocketResponse> {
    return this.#send(request, () => this.#transport.openWebSocket(request));
  }

  close(options?: { readonly signal?: AbortSignal | undefined }): Promise<void> {
    return this.#transport.close(options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#transport[Symbol.asyncDispose]();
  }

  async #send<R extends TransportResponse>(
    { signal, headers }: Pick<TransportRequest, 'signal' | 'headers'>,
    send: () => Promise<R>,
  ): Promise<R> {
    const credential = await this.#plugin.credential({ signal });
    const response = await send();
    const byCertificate = credential.token === undefined && headers['authorization'] === undefined;
    if (response.status !== 401 || !byCertificate) return response;
    let renewed: ExecCredential;
    try {
      renewed = await this.#plugin.credential({ signal, rejected: credential });
    } catch (error) {
      await response.discard();
      throw error;
    }
    if (renewed.cert === credential.cert && renewed.key === credential.key) return response;
    await response.discard();
    return send();
  }
}
