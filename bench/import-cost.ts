import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { stringifyKubeconfig } from '@client-ts/clientcmd';
import type { Benchmark, Contender, Outcome } from './benchmark.js';
import { installPackages, linkInstalled } from './installed-packages.js';
import { median } from './measure.js';
import { startTlsServer } from './tls-server.js';

const execute = promisify(execFile);

const Answer = JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items: [] });

/** Says at the end of a program what it has taken since the process began. */
const Report = `
const { user, system } = process.cpuUsage();
const report = { wallMs: performance.now(), cpuMs: (user + system) / 1000, bytes: process.memoryUsage.rss() };
process.stdout.write(JSON.stringify(report), () => process.exit());
`;

const Ours = `
import { loadConfig } from '@client-ts/clientcmd';
import { CoreV1Client } from '@client-ts/clientset/core/v1';
`;
const ClientNode = `
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
`;

/** Complete programs, by what they show. */
function programs(kubeconfig: string): Record<string, string> {
  const file = JSON.stringify(kubeconfig);
  return {
    'ours, imported': `${Ours}if (!loadConfig || !CoreV1Client) throw new Error();`,
    'ours, and one list': `${Ours}
      const config = await loadConfig({ kubeconfig: ${file} });
      await new CoreV1Client(config).pods('default').list();`,
    'client-node, imported': `${ClientNode}if (!KubeConfig || !CoreV1Api) throw new Error();`,
    'client-node, and one list': `${ClientNode}
      const config = new KubeConfig();
      config.loadFromFile(${file});
      await config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace: 'default' });`,
  };
}

interface Spent {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly bytes: number;
}

export const importCost: Benchmark = {
  name: 'import',
  title: 'a program that lists pods, from the start of its process, and what it adds to an empty one',
  unit: 'start',
  size: 1,
  async prepare(size) {
    const folder = mkdtempSync(path.join(tmpdir(), 'client-ts-import-'));
    await installPackages(['@client-ts/clientcmd', '@client-ts/clientset'], folder);
    linkInstalled('@kubernetes/client-node', import.meta.dirname, folder);
    const server = await startTlsServer(Answer);
    const kubeconfig = path.join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, await stringifyKubeconfig({ host: server.origin, tls: { ca: server.ca } }));

    const start = async (file: string): Promise<Spent> => {
      const { stdout } = await execute(process.execPath, [file], { cwd: folder });
      return JSON.parse(stdout) as Spent;
    };
    const write = (name: string, code: string): string => {
      const file = path.join(folder, `${name.replaceAll(/\W+/g, '-')}.mjs`);
      writeFileSync(file, code + Report);
      return file;
    };
    const empty = write('empty', '');
    const contender = (name: string, code: string): Contender => {
      const file = write(name, code);
      const added: Record<'ms' | 'cpuMs' | 'MiB', number[]> = { ms: [], cpuMs: [], MiB: [] };
      const run = async (): Promise<Outcome> => {
        let [wallMs, cpuMs] = [0, 0];
        for (let at = 0; at < size; at++) {
          // Each beside an empty one: what slows down the machine slows down both.
          const nothing = await start(empty);
          const something = await start(file);
          wallMs += something.wallMs;
          cpuMs += something.cpuMs;
          added.ms.push(something.wallMs - nothing.wallMs);
          added.cpuMs.push(something.cpuMs - nothing.cpuMs);
          added.MiB.push((something.bytes - nothing.bytes) / 2 ** 20);
        }
        const counts = {
          'adds ms': median(added.ms),
          'CPU ms': median(added.cpuMs),
          MiB: median(added.MiB),
        };
        return { units: size, spent: { wallMs, cpuMs }, counts };
      };
      return { name, run };
    };
    return {
      contenders: [
        contender('floor: an empty script', ''),
        ...Object.entries(programs(kubeconfig)).map(([name, code]) => contender(name, code)),
      ],
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]();
        rmSync(folder, { recursive: true });
      },
    };
  },
};
