import { type Config, headerOf, readText } from '@client-ts/rest';
import { newTransport } from '@client-ts/transport';

interface RawRequest {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface RawResponse {
  readonly status: number;
  readonly contentType: string;
  readonly warning: string;
  readonly text: string;
  /** @throws SyntaxError when the text is not JSON. */
  readonly json: () => Record<string, unknown>;
}

/** Sends a request without any of a client's help; a failure is an answer like any other. */
export type RawClient = (method: string, path: string, request?: RawRequest) => Promise<RawResponse>;

export function rawClient(config: Config): RawClient {
  const transport = config.transport ?? newTransport({ tls: config.tls });
  return async (method, path, { body, headers = {} } = {}) => {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const contentType = text === undefined ? {} : { 'content-type': 'application/json' };
    const response = await transport.request({
      method,
      url: new URL(path, config.host),
      headers: { accept: 'application/json', ...contentType, ...headers },
      body: text,
    });
    const answer = await readText(response.body);
    return {
      status: response.status,
      contentType: headerOf(response, 'content-type') ?? '',
      warning: headerOf(response, 'warning') ?? '',
      text: answer,
      json: () => JSON.parse(answer) as Record<string, unknown>,
    };
  };
}
