import path from 'node:path';

/** Where the files of one control plane are. */
export interface Layout {
  readonly directory: string;
  readonly etcdUrl: string;
  readonly securePort: number;
}

/** Data that a test throws away need not survive a power cut. */
export function etcdArgs({ directory, etcdUrl }: Layout): string[] {
  return [
    `--data-dir=${path.join(directory, 'etcd')}`,
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    '--listen-peer-urls=http://127.0.0.1:0',
    '--unsafe-no-fsync',
    '--log-level=error',
  ];
}

/**
 * Service accounts are not admitted for pods: no controller makes the default one.
 *
 * @param nodeIP - where the Node is, if there is to be one.
 */
export function kubeApiserverArgs({ directory, etcdUrl, securePort }: Layout, nodeIP: string | undefined): string[] {
  const file = (name: string): string => path.join(directory, name);
  return [
    `--etcd-servers=${etcdUrl}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${securePort}`,
    `--cert-dir=${directory}`,
    `--tls-cert-file=${file('apiserver.crt')}`,
    `--tls-private-key-file=${file('apiserver.key')}`,
    `--client-ca-file=${file('client-ca.crt')}`,
    `--authorization-mode=${nodeIP === undefined ? '' : 'Node,'}RBAC`,
    '--allow-privileged=true',
    '--disable-admission-plugins=ServiceAccount',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-signing-key-file=${file('service-account.key')}`,
    `--service-account-key-file=${file('service-account.pub')}`,
    ...(nodeIP === undefined ? [] : kubeletAccessArgs(file, nodeIP)),
  ];
}

/** What lets kube-apiserver reach kubelets, and has it refuse to them what is not theirs. */
function kubeletAccessArgs(file: (name: string) => string, nodeIP: string): string[] {
  return [
    '--enable-admission-plugins=NodeRestriction',
    `--kubelet-certificate-authority=${file('serving-ca.crt')}`,
    `--kubelet-client-certificate=${file('kubelet-client.crt')}`,
    `--kubelet-client-key=${file('kubelet-client.key')}`,
    '--kubelet-preferred-address-types=InternalIP',
    // Left out, it is that of the way to the internet, which need not be there where the Node is. Loopback is no answer to it.
    ...(nodeIP.startsWith('127.') ? [] : [`--advertise-address=${nodeIP}`]),
  ];
}

/** Signs certificates with the authority that vouches for users. */
export function kubeControllerManagerArgs({ directory }: Layout, kubeconfig: string): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    '--leader-elect=false',
    '--use-service-account-credentials=false',
    '--secure-port=0',
    `--service-account-private-key-file=${path.join(directory, 'service-account.key')}`,
    `--root-ca-file=${path.join(directory, 'serving-ca.crt')}`,
    // Made when it is not there, and by default outside.
    `--flex-volume-plugin-dir=${path.join(directory, 'flex-volumes')}`,
    `--cluster-signing-cert-file=${path.join(directory, 'client-ca.crt')}`,
    `--cluster-signing-key-file=${path.join(directory, 'client-ca.key')}`,
  ];
}
