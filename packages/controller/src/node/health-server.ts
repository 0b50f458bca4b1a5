import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HealthChecks, HealthResult } from '../health-checks.js';
import { healthText } from '../health-text.js';

export interface HealthServerOptions {
  /** Whether the process is to be started anew. Default: it is well as long as it answers. */
  readonly healthz?: HealthChecks | undefined;
  /** Whether it can work. Default: as `healthz`. */
  readonly readyz?: HealthChecks | undefined;
  /** The page `/metrics`, in Prometheus' text format. Default: there is none. */
  readonly metrics?: (() => string | Promise<string>) | undefined;
  /** Default: one that is free. */
  readonly port?: number | undefined;
  /**
   * Whom it listens to. Default: `127.0.0.1`, since it asks nobody who he is. A kubelet asks from outside of the container: for it,
   * this is the Pod's address, or `::` for all there are.
   */
  readonly host?: string | undefined;
  /** Told why a check failed, or the metrics could not be given: those who look are not told. Default: `console.error`. */
  readonly onError?: ((what: string, error: unknown) => void) | undefined;
}

/** Tells kubelets and Prometheus how a process is. Disposing it ends that, and all connections. */
export interface HealthServer extends AsyncDisposable {
  /** `http://host:port`. */
  readonly url: string;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly contentType?: string;
}

const NotFound: Answer = { status: 404, body: 'not found\n' };
const PlainText = 'text/plain; charset=utf-8';
/** Which Prometheus reads. */
const MetricsText = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Serves `/healthz`, `/readyz`, `/livez`, which is the first, and `/metrics`. Each of the former has what its checks are called
 * below it, as in `/readyz/informers`, and tells of all with `?verbose`: as Kubernetes' own components do.
 *
 * Rejects when it cannot listen.
 */
export async function serveHealth(options: HealthServerOptions): Promise<HealthServer> {
  const { healthz, readyz = healthz, metrics, port = 0, host = '127.0.0.1' } = options;
  const onError = surviving(options.onError ?? ((what, error) => console.error(what, error)));
  const endpoints: Readonly<Record<string, HealthChecks | undefined>> = { healthz, livez: healthz, readyz };

  const answerTo = async (request: IncomingMessage): Promise<Answer> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, body: 'expected GET or HEAD\n' };
    const [pathname = '', query] = (request.url ?? '').split('?', 2);
    const [, endpoint = '', check, ...more] = pathname.split('/');
    if (more.length > 0) return NotFound;
    if (endpoint === 'metrics' && metrics && check === undefined)
      return { status: 200, body: textOf(await metrics()), contentType: MetricsText };
    if (!Object.hasOwn(endpoints, endpoint)) return NotFound;
    const checks = endpoints[endpoint];
    if (check !== undefined && !checks?.has(check)) return NotFound;
    const report = (await checks?.check(check === undefined ? undefined : [check])) ?? { healthy: true, results: [] };
    for (const { name, error } of report.results.filter((each): each is HealthResult => each.error !== undefined))
      onError(`${endpoint}: ${name} failed`, error);
    const body = healthText(endpoint, report, new URLSearchParams(query).has('verbose'));
    return { status: report.healthy ? 200 : 500, body };
  };

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let answer: Answer;
    try {
      answer = await answerTo(request);
    } catch (error) {
      onError(`${request.method} of a health endpoint failed`, error);
      answer = { status: 500, body: 'internal error\n' };
    }
    const { status, body, contentType = PlainText } = answer;
    response.writeHead(status, {
      'content-type': contentType,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  };

  const server = createServer((request, response) => void respond(request, response));
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    url: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Should it throw, both failures are shown on the console: an answer must not fail for it, nor the process end. */
function surviving(onError: (what: string, error: unknown) => void): typeof onError {
  return (what, failure) => {
    try {
      onError(what, failure);
    } catch (error) {
      console.error(what, new AggregateError([error, failure], 'onError of a health server threw'));
    }
  };
}

function textOf(metrics: unknown): string {
  if (typeof metrics === 'string') return metrics;
  throw new TypeError(`metrics: expected a text, got ${metrics === null ? 'null' : typeof metrics}`);
}
