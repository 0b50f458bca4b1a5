import path from 'node:path';
import type { NodeLayout } from './kubelet-files.js';

export function containerRuntimeArgs({ directory }: NodeLayout): string[] {
  return [`--socket=${path.join(directory, 'cri.sock')}`, `--directory=${path.join(directory, 'runtime')}`];
}

/** A cloud provider may give a Node an address that the kubelet would not take: one of loopback. */
export function kubeletArgs({ directory, name, flags }: NodeLayout): string[] {
  const file = (name: string): string => path.join(directory, name);
  return [
    `--config=${file('config.json')}`,
    `--kubeconfig=${file('kubeconfig')}`,
    `--root-dir=${directory}`,
    `--cert-dir=${directory}`,
    `--hostname-override=${name}`,
    '--cloud-provider=external',
    ...flags,
  ];
}
