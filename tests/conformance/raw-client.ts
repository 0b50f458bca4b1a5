import { type Config, headerOf, readText, type Transport } from '@client-ts/rest';
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

/** The first `count` events of a watch, parsed but otherwise as they came; then the watch is left. */
export type RawWatch = (
  path: string,
  count: number,
  headers?: Readonly<Record<string, string>>,
) => Promise<{ readonly type: string; readonly object: unknown }[]>;

export function rawWatch(config: Config): RawWatch {
  const transport = transportOf(config);
  return async (path, count, headers = {}) => {
    const url = new URL(path, config.host);
    const response = await transport.request({
      method: 'GET',
      url,
      headers: { accept: 'application/json', ...headers },
    });
    const decoder = new TextDecoder();
    let text = '';
    const lines = (): string[] => text.split('\n').slice(0, -1);
    for await (const chunk of response.body) {
      text += decoder.decode(chunk, { stream: true });
      if (lines().length >= count) break;
    }
    return lines().map((line) => JSON.parse(line) as { type: string; object: unknown });
  };
}

function transportOf(config: Config): Transport {
  return config.transport ?? newTransport({ tls: config.tls });
}

export function rawClient(config: Config): RawClient {
  const transport = transportOf(config);
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
