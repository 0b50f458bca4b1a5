// Builds kube-apiserver, kube-controller-manager, kubectl, kubelet and etcd from their published Go modules, and a container
// runtime for the kubelet, into the cache that @client-ts/envtest looks into. See README.md.
//
//   node tools/kubernetes/build.mjs [minor ...]      default: all minors below
//   node tools/kubernetes/build.mjs --print          only prints the directories
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { arch, homedir, platform } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const minors = ['1.37', '1.34'];
const commands = ['kube-apiserver', 'kubectl', 'kube-controller-manager'];
/** What a kubelet needs is there in Linux alone. */
const hasKubelet = platform() === 'linux';

const here = import.meta.dirname;
const { CLIENT_TS_KUBERNETES_CACHE: chosen, XDG_CACHE_HOME: userCache } = process.env;
// The rule of binariesCache() in packages/envtest/src/binaries.ts; it stands here again since this runs before an install.
const cache = chosen || path.join(userCache || path.join(homedir(), '.cache'), 'client-ts', 'kubernetes');
const architecture = { x64: 'amd64', arm64: 'arm64' }[arch()] ?? arch();

const { values, positionals } = parseArgs({ allowPositionals: true, options: { print: { type: 'boolean' } } });
for (const minor of positionals.length > 0 ? positionals : minors) {
  if (!minors.includes(minor)) throw new Error(`no module for Kubernetes ${minor}; there are ${minors.join(', ')}`);
  const module = path.join(here, `v${minor}`);
  const version = required(path.join(module, 'go.mod'), 'k8s.io/kubernetes');
  const directory = path.join(cache, `${version.slice(1)}-${platform()}-${architecture}`);
  if (values.print) {
    console.log(directory);
    continue;
  }
  mkdirSync(directory, { recursive: true });
  // Without these a server calls itself v0.0.0, and kubectl and feature gates misbehave.
  const [gitMajor, gitMinor] = minor.split('.');
  const stamp = { gitVersion: version, gitMajor, gitMinor };
  const flags = Object.entries(stamp).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  for (const command of hasKubelet ? [...commands, 'kubelet'] : commands) {
    build(module, path.join(directory, command), `k8s.io/kubernetes/cmd/${command}`, flags);
  }
  build(path.join(here, 'etcd'), path.join(directory, 'etcd'), '.');
  if (hasKubelet) buildOwn(path.join(here, 'runtime'), path.join(directory, 'container-runtime'));
}

/** The version that a go.mod requires of a module, so that it is written in one place. */
function required(goMod, module) {
  const match = new RegExp(`^(?:require )?\\s*${module.replaceAll('.', '\\.')} (v\\S+)`, 'm').exec(
    readFileSync(goMod, 'utf8'),
  );
  if (!match) throw new Error(`${goMod} does not require ${module}`);
  return match[1];
}

/** Builds what is written here, and so changes without a new version: unless it is there and newer than its sources. */
function buildOwn(module, target) {
  const built = statSync(target, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const isOld = readdirSync(module).some((name) => statSync(path.join(module, name)).mtimeMs > built);
  if (isOld) compile(module, target, '.', []);
}

/** Builds a published Go package, unless it is there. */
function build(module, target, pkg, flags = []) {
  if (!existsSync(target)) compile(module, target, pkg, flags);
}

/** What is unfinished has another name, so that nobody takes it for done. */
function compile(module, target, pkg, flags) {
  const started = Date.now();
  console.log(`building ${target}`);
  const unfinished = `${target}.${process.pid}`;
  try {
    execFileSync('go', ['build', '-trimpath', '-ldflags', ['-s', '-w', ...flags].join(' '), '-o', unfinished, pkg], {
      cwd: module,
      stdio: 'inherit',
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly -buildvcs=false' },
    });
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { force: true });
    console.error(error.code === 'ENOENT' ? 'Go is needed: https://go.dev/doc/install' : `${target} was not built`);
    process.exit(1);
  }
  console.log(`  took ${Math.round((Date.now() - started) / 1000)} s`);
}
