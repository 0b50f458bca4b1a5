import type { ClientRequest, IncomingHttpHeaders } from 'node:http';

const Header = 'sec-websocket-protocol';

/**
 * Subprotocols under names that `ws` takes: to it they are tokens (RFC 6455 §4.1), and those in which Kubernetes tunnels have a
 * slash, as `SPDY/3.1+portforward.k8s.io`. Each gets a token that `ws` knows it by; the server gets to see none of them.
 */
export class SubprotocolTokens {
  /** For `ws`, in the order of the names. */
  readonly tokens: string[];
  readonly #names: readonly string[];

  constructor(names: readonly string[]) {
    this.#names = names;
    const isTaken = new Set(names);
    this.tokens = names.map((name) => {
      let token = name.replaceAll('/', '|');
      while (token !== name && isTaken.has(token)) token += '|';
      isTaken.add(token);
      return token;
    });
  }

  /** Puts the names into a request, just before it is sent. */
  send(request: ClientRequest): void {
    request.setHeader(Header, this.#names.join(','));
    request.end();
  }

  /** Puts the token of the server's choice into its answer, for `ws` to look at. */
  accept(headers: IncomingHttpHeaders): void {
    const index = this.#names.indexOf(headers[Header] ?? '');
    if (index >= 0) headers[Header] = this.tokens[index];
  }

  nameOf(token: string): string {
    return this.#names[this.tokens.indexOf(token)] ?? token;
  }
}
