import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseJson } from '@client-ts/apimachinery';
import { isExecPluginError } from '@client-ts/auth';
import {
  isKubeconfigError,
  isNoConfigError,
  kubeconfigObject,
  loadKubeconfig,
  minifyKubeconfig,
} from '@client-ts/clientcmd';
import { isTransportError } from '@client-ts/rest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { askVersion, seen } from './ask-version.js';
import { type GeneratedSet, generatedSets, pkiOf } from './generated-sets.js';
import { type KubectlResult, runKubectl } from './kubectl.js';
import { type RecordingServer, startRecordingServer } from './recording-server.js';

const server: RecordingServer = await startRecordingServer();

/** What became of something: what it gave, or in which way it failed. */
type Outcome = { readonly gave: unknown } | { readonly failed: 'the kubeconfig' | 'the connection' };

describeReal('kubeconfigs, good and bad, have the effect that they have on kubectl', ['kubectl'], ({ kubectl }) => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'same-effect-'));
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  async function write({ name, files, list }: GeneratedSet): Promise<Readonly<Record<string, string>>> {
    const home = path.join(directory, name);
    for (const place of Object.keys(files)) {
      const pki = path.join(home, path.dirname(place), 'pki');
      await mkdir(pki, { recursive: true });
      for (const [file, text] of Object.entries(pkiOf(server, place))) await writeFile(path.join(pki, file), text);
      await chmod(path.join(pki, 'plugin'), 0o700);
    }
    for (const [file, text] of Object.entries(files)) await writeFile(path.join(home, file), text);
    const KUBECONFIG = list.map((file) => path.join(home, file)).join(path.delimiter);
    return { HOME: home, PATH: process.env['PATH'] ?? '', KUBECONFIG };
  }

  const sets = generatedSets(150, server);
  const outcomes = new Set<string>();

  test.concurrent.each(sets.map((set) => [set.name, set] as const))('%s', async (_, set) => {
    const env = await write(set);
    const [view, version] = await Promise.all([
      runKubectl(kubectl, ['config', 'view', '--minify', '--raw', '-o', 'json'], env),
      runKubectl(kubectl, ['get', '--raw', '/version'], env),
    ]);
    const theirView: Outcome = view.code === 0 ? { gave: parseJson(view.stdout) } : { failed: 'the kubeconfig' };
    const minified = loadKubeconfig({ env }).then((kubeconfig) => kubeconfigObject(minifyKubeconfig(kubeconfig)));
    expect(await outcomeOf(minified)).toEqual(theirView);

    const theirs = seen(server, set.prefix);
    const theirVersion: Outcome = version.code === 0 ? { gave: theirs } : { failed: reasonOf(version) };
    const ours = askVersion({ env }).then(() => seen(server, set.prefix));
    outcomes.add('failed' in theirVersion ? theirVersion.failed : 'nothing');
    expect(await outcomeOf(ours), version.stderr).toEqual(theirVersion);
  });

  test('nothing failed in some, and in others what can fail', () => {
    expect([...outcomes].toSorted()).toEqual(['nothing', 'the connection', 'the kubeconfig']);
  });
});

async function outcomeOf(work: Promise<unknown>): Promise<Outcome> {
  try {
    return { gave: await work };
  } catch (error) {
    if (isTransportError(error)) return { failed: 'the connection' };
    if (isOfKubeconfig(error)) return { failed: 'the kubeconfig' };
    throw error;
  }
}

/** Whether it says that the kubeconfig is bad, or what it names. */
function isOfKubeconfig(error: unknown): boolean {
  if (isKubeconfigError(error) || isNoConfigError(error) || isExecPluginError(error)) return true;
  return error instanceof Error && error.message.startsWith('cannot read a token from ');
}

/** Without a server kubectl takes one of its own machine, which nobody means; without a user it asks for a password. */
function reasonOf({ stdout, stderr }: KubectlResult): 'the kubeconfig' | 'the connection' {
  const unreachable = /Unable to connect|was refused/.test(stderr);
  const inKubeconfig = /localhost:8080|getting credentials|private key does not match/.test(stderr);
  return unreachable && !inKubeconfig && !stdout.includes('Please enter') ? 'the connection' : 'the kubeconfig';
}
