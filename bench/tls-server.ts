import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { newCertificateAuthority } from '@client-ts/envtest';

export interface TlsServer extends AsyncDisposable {
  readonly origin: string;
  /** PEM text of the authority that its certificate is from. */
  readonly ca: string;
  /** Accepted so far. */
  connections(): Promise<number>;
}

/** Starts a server on loopback, in a process of its own, that has the same answer for everything. */
export async function startTlsServer(body: string): Promise<TlsServer> {
  const authority = await newCertificateAuthority('authority of the benchmark');
  const certificate = await authority.issue({ commonName: 'server of the benchmark', addresses: ['127.0.0.1'] });
  const child = fork(path.join(import.meta.dirname, 'tls-server.mjs'), { execArgv: [] });
  const ask = async (message: object): Promise<Record<string, number>> => {
    child.send(message);
    const [answer] = (await once(child, 'message')) as [Record<string, number>];
    return answer;
  };
  const { port } = await ask({ ...certificate, body });
  return {
    origin: `https://127.0.0.1:${port}`,
    ca: authority.cert,
    connections: async () => (await ask({}))['connections'] ?? 0,
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
