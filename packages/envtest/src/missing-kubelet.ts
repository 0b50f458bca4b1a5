import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type BinariesOptions, BinariesNotFoundError, findBinaries } from './binaries.js';

const CapSysAdmin = 21n;

/** What a kubelet asks for of the first version of cgroups. The second has everything in one place. */
const Cgroups = ['cpu', 'cpuacct', 'cpuset', 'memory'];

/** Of util-linux. */
const Tools = ['unshare', 'nsenter'];

/** What a kubelet needs of the machine, in the order in which one thing without the next is of no use. */
const Requirements: readonly (readonly [reason: string, isMet: (searchPath: string) => boolean])[] = [
  ['needs Linux', () => process.platform === 'linux'],
  ['needs to be root', () => process.getuid?.() === 0],
  ['needs CAP_SYS_ADMIN, which this container does not have', hasSysAdmin],
  ['needs /dev/kmsg, which this container does not have', () => existsSync('/dev/kmsg')],
  [`needs the cgroups ${Cgroups.join(', ')} in /sys/fs/cgroup`, hasCgroups],
  [
    `needs ${Tools.join(' and ')} of util-linux in PATH`,
    (searchPath) => Tools.every((tool) => isInPath(tool, searchPath)),
  ],
];

/**
 * Why an environment with `kubelet: true` cannot be started here; `undefined` when nothing is known to be in the way. For
 * tests that are skipped with a reason.
 */
export function missingKubelet(options: BinariesOptions = {}): string | undefined {
  const searchPath = (options.env ?? process.env)['PATH'] ?? '';
  const unmet = Requirements.find(([, isMet]) => !isMet(searchPath));
  if (unmet) return `a kubelet ${unmet[0]}`;
  try {
    findBinaries({ ...options, needs: ['kubelet', 'containerRuntime'] });
    return undefined;
  } catch (error) {
    if (error instanceof BinariesNotFoundError) return error.message;
    throw error;
  }
}

function hasSysAdmin(): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return effective !== undefined && ((BigInt(`0x${effective}`) >> CapSysAdmin) & 1n) === 1n;
}

function hasCgroups(): boolean {
  const has = (name: string): boolean => existsSync(path.join('/sys/fs/cgroup', name));
  return has('cgroup.controllers') || Cgroups.every(has);
}

function isInPath(tool: string, searchPath: string): boolean {
  return searchPath.split(path.delimiter).some((directory) => {
    try {
      accessSync(path.join(directory, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
