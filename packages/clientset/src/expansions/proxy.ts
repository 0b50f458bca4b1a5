import type { ResourceDescriptor } from '@client-ts/apimachinery';
import { type Request, RequestError, type RestClient, type TransportResponse } from '@client-ts/rest';

/** A request to what an object stands for: the server of a pod, of a service or of a node. */
export interface ProxyRequest extends Pick<Request, 'query' | 'headers' | 'body'> {
  /** Default: `GET`. */
  readonly method?: Request['method'];
  /** Default: `http`. */
  readonly scheme?: 'http' | 'https';
  /** The number of a port, or its name. Default: the first port of a pod, the only one of a service, the kubelet's. */
  readonly port?: number | string;
  /** What is asked for, before any escaping: `metrics/cadvisor`. No segment may be `.` or `..`. Default: the root. */
  readonly path?: string;
  /**
   * `false` for what is answered soon and briefly: it is then one of the short requests of the client, with their limits of time, rate and
   * connections, and a `GET` is repeated when its connection breaks. Default: true, as API servers see it: silence is no failure.
   */
  readonly longRunning?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Resources with a `proxy` subresource: a way to HTTP servers in the cluster, through the API server. */
export interface ProxySubresource {
  /**
   * Sends a request through the API server, and resolves with the 2xx answer as soon as its headers are there. Its body must
   * be read or discarded. Rejects with a `StatusError` for any other answer, whoever gave it: a service without endpoints is a 503.
   * Redirects are not followed, since they may lead anywhere; their error says where.
   *
   * Rejects with a `RequestError`, and sends nothing, when names, port or path could lead to anything else of the API.
   *
   * @see https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/
   */
  proxy(name: string, request?: ProxyRequest): Promise<TransportResponse>;
}

export function proxySubresource(
  client: RestClient,
  { version, resource }: Omit<ResourceDescriptor, '$types'>,
  namespace?: string,
): ProxySubresource {
  return {
    async proxy(
      name,
      { method = 'GET', scheme = '', port = '', path = '', longRunning = true, signal, ...content } = {},
    ) {
      // Servers look for slashes when they have decoded the path, and colons part scheme, name and port.
      if (!name || namespace === '' || /[/%:]/.test(name + namespace + port + scheme))
        throw new RequestError('proxy: no name, or / % : in it');
      return client.send(
        {
          method,
          target: [
            'api',
            version,
            ...(namespace ? ['namespaces', namespace] : []),
            resource,
            (scheme && `${scheme}:`) + name + (scheme || port ? `:${port}` : ''),
            'proxy',
            ...path.replace(/^\//, '').split('/'),
          ]
            .map(segment)
            .join('/'),
          ...content,
        },
        { signal, longRunning },
      );
    },
  };
}

/** Paths may be hostile: one that leads anywhere else in the API must never be sent. */
function segment(text: string): string {
  if (text === '.' || text === '..') throw new RequestError(`proxy: "${text}" in path`);
  return encodeURIComponent(text).replaceAll('%3A', ':');
}
