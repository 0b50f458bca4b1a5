import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringifyKubeconfig } from '@client-ts/clientcmd';
import type { CertificateAuthority } from './certificate-authority.js';

/** Where a kubelet and its container runtime have their files, and where they serve. */
export interface NodeLayout {
  /** Theirs alone. */
  readonly directory: string;
  readonly name: string;
  readonly ip: string;
  readonly port: number;
  /** That the kubelet is given beside those that it needs. */
  readonly flags: readonly string[];
}

export interface NodeAuthorities {
  readonly clientAuthority: CertificateAuthority;
  readonly servingAuthority: CertificateAuthority;
}

/** How kube-apiserver shows a kubelet who it is. */
export async function writeKubeletClient(directory: string, clientAuthority: CertificateAuthority): Promise<void> {
  const client = await clientAuthority.issue({
    commonName: 'kube-apiserver-kubelet-client',
    organizations: ['system:masters'],
  });
  await writeFile(path.join(directory, 'kubelet-client.crt'), client.cert, { mode: 0o600 });
  await writeFile(path.join(directory, 'kubelet-client.key'), client.key, { mode: 0o600 });
}

/** Writes the kubelet's certificates, kubeconfig and configuration. */
export async function writeKubeletFiles(
  layout: NodeLayout,
  host: string,
  { clientAuthority, servingAuthority }: NodeAuthorities,
): Promise<void> {
  const { directory, name, ip } = layout;
  await mkdir(path.join(directory, 'runtime'), { recursive: true });
  const serving = await servingAuthority.issue({ commonName: `system:node:${name}`, addresses: [ip, name] });
  const node = await clientAuthority.issue({ commonName: `system:node:${name}`, organizations: ['system:nodes'] });
  const tls = { ca: servingAuthority.cert, cert: node.cert, key: node.key };
  const files = {
    'serving.crt': serving.cert,
    'serving.key': serving.key,
    'client-ca.crt': clientAuthority.cert,
    kubeconfig: await stringifyKubeconfig({ host, tls }, name),
    'config.json': JSON.stringify(kubeletConfiguration(layout)),
  };
  for (const [file, text] of Object.entries(files)) await writeFile(path.join(directory, file), text, { mode: 0o600 });
}

/** Nothing that is for the whole machine: no iptables, no cgroups, no eviction for what others take of the disk. */
function kubeletConfiguration({ directory, ip, port }: NodeLayout): unknown {
  const file = (name: string): string => path.join(directory, name);
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: ip,
    port,
    readOnlyPort: 0,
    healthzPort: 0,
    tlsCertFile: file('serving.crt'),
    tlsPrivateKeyFile: file('serving.key'),
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: file('client-ca.crt') },
    },
    authorization: { mode: 'Webhook' },
    containerRuntimeEndpoint: `unix://${file('cri.sock')}`,
    podLogsDir: file('pod-logs'),
    volumePluginDir: file('volume-plugins'),
    resolvConf: '',
    cgroupDriver: 'cgroupfs',
    cgroupsPerQOS: false,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    makeIPTablesUtilChains: false,
    evictionHard: {
      'imagefs.available': '0%',
      'imagefs.inodesFree': '0%',
      'memory.available': '0%',
      'nodefs.available': '0%',
      'nodefs.inodesFree': '0%',
    },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    eventRecordQPS: 0,
    // The default of a minute would have a test wait for the second attempt of what failed.
    syncFrequency: '5s',
  };
}
