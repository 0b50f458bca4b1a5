import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Benchmark, Contender, Outcome } from './benchmark.js';
import { linkInstalled } from './installed-packages.js';

const execute = promisify(execFile);
const root = path.resolve(import.meta.dirname, '..');
const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
const Scope = '@client-ts/';

const Ours = (client: string): string => `
import { pods } from '@client-ts/api/core/v1';
import { loadConfig } from '@client-ts/clientcmd';
import { SharedInformerFactory } from '@client-ts/informers';
${client}
for (const pod of items) console.log(pod.metadata?.name, pod.status?.phase);

await using factory = new SharedInformerFactory(config);
factory.informer(pods).addEventHandler({ onAdd: (pod) => console.log(pod.metadata?.name, pod.spec?.nodeName) });
factory.start();
await factory.waitForCacheSync();
`;

const ClientNode = `
import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';
const config = new KubeConfig();
config.loadFromDefault();
const api = config.makeApiClient(CoreV1Api);
const list = () => api.listNamespacedPod({ namespace: 'default' });
for (const pod of (await list()).items) console.log(pod.metadata?.name, pod.status?.phase);

const informer = makeInformer(config, '/api/v1/namespaces/default/pods', list);
informer.on('add', (pod) => console.log(pod.metadata?.name, pod.spec?.nodeName));
await informer.start();
`;

/** Complete programs, each of which, but for the last, lists pods and watches them. */
const programs: Readonly<Record<string, string>> = {
  'ours, one group': Ours(`
import { CoreV1Client } from '@client-ts/clientset/core/v1';
const config = await loadConfig();
const { items } = await new CoreV1Client(config).pods('default').list();`),
  'ours, all groups': Ours(`
import { Clientset } from '@client-ts/clientset';
const config = await loadConfig();
const { items } = await new Clientset(config).coreV1().pods('default').list();`),
  'an empty program': 'export {};',
};

/** As most projects have it. */
const compilerOptions = { target: 'ESNext', module: 'NodeNext', strict: true, skipLibCheck: true, noEmit: true };

export const typeCheck: Benchmark = {
  name: 'types',
  title: 'the type check of a program that lists pods and watches them',
  unit: 'check',
  size: 1,
  async prepare(size) {
    const folder = mkdtempSync(path.join(tmpdir(), 'client-ts-types-'));
    await installDeclarations(['api', 'clientcmd', 'clientset', 'informers'], folder);
    linkInstalled('@kubernetes/client-node', import.meta.dirname, folder);
    linkInstalled('@types/node', root, folder);
    const contender = (name: string, code: string): Contender => {
      const project = path.join(folder, name.replaceAll(/\W+/g, '-'));
      mkdirSync(project);
      writeFileSync(path.join(project, 'package.json'), '{ "type": "module" }');
      writeFileSync(path.join(project, 'main.ts'), code);
      const tsconfig = { compilerOptions: { ...compilerOptions, types: ['node'] }, files: ['main.ts'] };
      writeFileSync(path.join(project, 'tsconfig.json'), JSON.stringify(tsconfig));
      return { name, run: () => check(project, size) };
    };
    return {
      contenders: [
        contender('client-node', ClientNode),
        ...Object.entries(programs).map(([name, code]) => contender(name, code)),
      ],
      [Symbol.asyncDispose]: () => Promise.resolve(rmSync(folder, { recursive: true })),
    };
  },
};

/** Declarations of packages, and of those that they depend on, as they are published. */
async function installDeclarations(names: readonly string[], folder: string): Promise<void> {
  await execute(process.execPath, [tsc, '-b', ...names.map((name) => path.join('packages', name))], { cwd: root });
  const wanted = new Set(names);
  for (const name of wanted) {
    const source = path.join(root, 'packages', name);
    const { publishConfig, ...manifest } = JSON.parse(readFileSync(path.join(source, 'package.json'), 'utf8')) as {
      readonly dependencies?: Readonly<Record<string, string>>;
      readonly publishConfig: { readonly exports: unknown };
    };
    const target = path.join(folder, 'node_modules', Scope + name);
    cpSync(path.join(source, 'dist'), path.join(target, 'dist'), {
      recursive: true,
      filter: (file) => file.endsWith('.d.ts') || statSync(file).isDirectory(),
    });
    writeFileSync(path.join(target, 'package.json'), JSON.stringify({ ...manifest, exports: publishConfig.exports }));
    for (const dependency of Object.keys(manifest.dependencies ?? {})) {
      if (dependency.startsWith(Scope)) wanted.add(dependency.slice(Scope.length));
      else linkInstalled(dependency, source, folder);
    }
  }
}

async function check(project: string, size: number): Promise<Outcome> {
  let [wallMs, cpuMs, counts] = [0, 0, {}];
  for (let at = 0; at < size; at++) {
    const started = performance.now();
    // The compiler is a process of its own, and a shell knows what its children took.
    const script = '"$0" "$1" --extendedDiagnostics && times';
    const { stdout } = await execute('sh', ['-c', script, process.execPath, tsc], { cwd: project });
    wallMs += performance.now() - started;
    cpuMs += childrenMs(stdout);
    counts = {
      MiB: figure(stdout, 'Memory used') / 1024,
      files: figure(stdout, 'Files'),
      lines: figure(stdout, 'Lines'),
    };
  }
  return { units: size, spent: { wallMs, cpuMs }, counts };
}

/** The last line of `times`: user and system time of all children, as `0m1.234s 0m0.567s`. */
function childrenMs(output: string): number {
  const last = output.trim().split('\n').at(-1) ?? '';
  const times = [...last.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  );
  return times.reduce((sum, seconds) => sum + seconds * 1000, 0);
}

/** @throws Error when the compiler does not tell. */
function figure(diagnostics: string, name: string): number {
  const found = new RegExp(`^${name}:\\s+([\\d.]+)`, 'm').exec(diagnostics)?.[1];
  if (found === undefined) throw new Error(`tsc says nothing about ${name}`);
  return Number(found);
}
