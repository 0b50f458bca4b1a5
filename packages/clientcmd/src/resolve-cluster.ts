import type { TlsConfig } from '@client-ts/rest';
import type { EntryPlace } from './entry-place.js';
import type { KubeconfigCluster } from './kubeconfig.js';

/** How to reach a server. */
export interface ResolvedCluster {
  /** Without a slash at its end, query and fragment. */
  readonly host: string;
  /** Credentials and TLS are for such a server alone, as in client-go: in the clear they would be everybody's. */
  readonly secure: boolean;
  readonly proxyUrl: string | undefined;
  readonly tls: TlsConfig;
  /** Where the authority was read from. */
  readonly caFile: string | undefined;
}

/** Reads the files of a cluster, and reports all that is wrong with it. */
export async function resolveCluster(cluster: EntryPlace<KubeconfigCluster>): Promise<ResolvedCluster> {
  const { 'tls-server-name': serverName, 'insecure-skip-tls-verify': insecure } = cluster.value;
  const { 'certificate-authority': caFile } = cluster.value;
  const ca = await cluster.pem('certificate-authority');
  const host = hostOf(cluster);
  const secure = host.startsWith('https:');
  if (secure && ca !== undefined && insecure) {
    cluster.report('certificate-authority and insecure-skip-tls-verify exclude each other');
  }
  return {
    host,
    secure,
    proxyUrl: proxyUrlOf(cluster),
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(serverName ? { serverName } : {}),
      ...(insecure ? { insecure } : {}),
    },
    caFile: caFile ? cluster.resolve(caFile) : undefined,
  };
}

function hostOf(cluster: EntryPlace<KubeconfigCluster>): string {
  const { server } = cluster.value;
  if (!server) {
    cluster.report('server: the cluster has no server');
    return '';
  }
  const text = server.includes('://') ? server : `http://${server}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') {
    cluster.report('server: expected an http:// or https:// URL without credentials');
    return '';
  }
  url.search = '';
  url.hash = '';
  return url.href.replace(/\/$/, '');
}

function proxyUrlOf(cluster: EntryPlace<KubeconfigCluster>): string | undefined {
  const proxyUrl = cluster.value['proxy-url'];
  if (!proxyUrl) return undefined;
  const protocol = URL.canParse(proxyUrl) ? new URL(proxyUrl).protocol : undefined;
  if (protocol === undefined || !['http:', 'https:', 'socks5:'].includes(protocol)) {
    cluster.report('proxy-url: expected an http://, https:// or socks5:// URL');
  }
  return proxyUrl;
}
