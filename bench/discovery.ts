import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CachedDiscoveryClient, DiscoveryClient } from '@client-ts/discovery';
import { Environment, findBinaries } from '@client-ts/envtest';
import type { Middleware } from '@client-ts/rest';
import type { Benchmark, Contender } from './benchmark.js';
import { collectGarbage } from './collect-garbage.js';
import { installPackages } from './installed-packages.js';
import { installManyCrds } from './many-crds.js';
import { timed } from './measure.js';
import { measureProcess } from './measured-process.js';
import { missingServer } from './missing-server.js';

/** What `kubectl api-resources` does, as a program; `--cached` reads what is on disk. */
const Program = `
import { formatGroupVersion } from '@client-ts/apimachinery';
import { loadConfig } from '@client-ts/clientcmd';
import { apiResources, DiscoveryClient } from '@client-ts/discovery';
import { DiskCachedDiscoveryClient } from '@client-ts/discovery/disk';

const [kubeconfig, cacheDirectory] = process.argv.slice(2);
const config = await loadConfig({ kubeconfig });
const discovery = cacheDirectory
  ? DiskCachedDiscoveryClient.forConfig(config, { cacheDirectory })
  : new DiscoveryClient(config);
const rows = (await apiResources(discovery)).map((row) => [
  row.resource,
  row.shortNames.join(),
  formatGroupVersion(row),
  String(row.scope === 'Namespaced'),
  row.kind,
]);
const table = [['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND'], ...rows];
const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)) + 3);
const lines = table.map((row) => row.map((cell, column) => cell.padEnd(column < 4 ? widths[column] : 0)).join(''));
console.log(lines.join('\\n'));
await config.transport[Symbol.asyncDispose]();
`;

/** Discovery of a server with many CRDs, as programs from their start to their end, and within one. */
export const discovery: Benchmark = {
  name: 'discovery',
  title: 'discovery of a kube-apiserver with CRDs, from the start of a program to its end, and within one',
  unit: 'CRD',
  size: 1000,
  heavy: true,
  missing: missingServer,
  async prepare(size) {
    const folder = mkdtempSync(path.join(tmpdir(), 'client-ts-bench-discovery-'));
    const environment = await Environment.start();
    const close = async (): Promise<void> => {
      await environment[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    };
    try {
      await installPackages(['@client-ts/clientcmd', '@client-ts/discovery', '@client-ts/apimachinery'], folder);
      const program = path.join(folder, 'api-resources.mjs');
      writeFileSync(program, Program);
      await installManyCrds(environment.config, size);
      return { contenders: contenders(size, environment, program, folder), [Symbol.asyncDispose]: close };
    } catch (error) {
      await close();
      throw error;
    }
  },
};

function contenders(
  size: number,
  { kubeconfig, config }: Environment,
  program: string,
  folder: string,
): readonly [Contender, ...Contender[]] {
  const { kubectl } = findBinaries({ needs: ['kubectl'] });
  const tables = new Set<string>();
  const whole = (name: string, command: string, ...args: string[]): Contender => ({
    name,
    async run() {
      const { stdout, wallMs, cpuMs, peakBytes } = await measureProcess(command, args);
      tables.add(stdout.replaceAll(/ +$/gm, ''));
      if (tables.size > 1) throw new Error(`${name} printed something else than those before`);
      const units = stdout.match(/^things\d/gm)?.length ?? 0;
      return { units, spent: { wallMs, cpuMs, stallMs: NaN }, counts: { 'peak MiB': peakBytes / 2 ** 20 } };
    },
  });
  const [theirs, ours] = [path.join(folder, 'kubectl'), path.join(folder, 'ours')];
  const empty: Contender = {
    name: 'an empty program of Node.js',
    async run() {
      const { wallMs, cpuMs, peakBytes } = await measureProcess(process.execPath, ['-e', '']);
      return { units: size, spent: { wallMs, cpuMs, stallMs: NaN }, counts: { 'peak MiB': peakBytes / 2 ** 20 } };
    },
  };
  const flags = ['--kubeconfig', kubeconfig, 'api-resources', '--cache-dir', theirs];
  return [
    whole('peer: kubectl api-resources', kubectl, ...flags),
    empty,
    whole('a program with DiscoveryClient', process.execPath, program, kubeconfig),
    whole('kubectl api-resources --cached', kubectl, ...flags, '--cached'),
    whole('a program with DiskCachedDiscoveryClient', process.execPath, program, kubeconfig, ours),
    within('DiscoveryClient', async (middleware) => {
      const { resources } = await new DiscoveryClient({ ...config, middleware }).groupsAndResources();
      return resources;
    }),
    within('useLegacyDiscovery', async (middleware) => {
      const client = new DiscoveryClient({ ...config, middleware }, { useLegacyDiscovery: true });
      return (await new CachedDiscoveryClient(client).groupsAndResources()).resources;
    }),
  ];
}

/** In this process; with what the result holds on the heap. */
function within(
  name: string,
  discover: (middleware: readonly Middleware[]) => Promise<readonly { readonly resource: string }[]>,
): Contender {
  return {
    name,
    async run() {
      let requests = 0;
      const count: Middleware = (request, next) => {
        requests++;
        return next(request);
      };
      const before = heapBytes();
      const { result, ...spent } = await timed(() => discover([count]));
      const heldMiB = (heapBytes() - before) / 2 ** 20;
      const units = result.filter(({ resource }) => resource.startsWith('things')).length;
      return { units, spent, counts: { requests, 'held MiB': heldMiB } };
    },
  };
}

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
