// Builds kube-apiserver, kube-controller-manager, kubectl and etcd from their
// published Go modules into a cache directory that the tests look into.
//
//   node tools/kubernetes/build.mjs [minor ...]      default: all minors below
//   node tools/kubernetes/build.mjs --print          only print the directories
//
// The cache is $CLIENT_TS_KUBERNETES_CACHE, or client-ts/kubernetes in the
// user's cache directory. A binary that is there already is not built again.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { arch, homedir, platform } from 'node:os';
import path from 'node:path';

const here = import.meta.dirname;
const goarch = { x64: 'amd64', arm64: 'arm64' }[arch()] ?? arch();
const cache =
  process.env['CLIENT_TS_KUBERNETES_CACHE'] ??
  path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'client-ts', 'kubernetes');

const minors = ['1.37', '1.34'];
const commands = ['kube-apiserver', 'kubectl', 'kube-controller-manager'];

/** The version that a go.mod requires of a module, so that it is written in one place. */
function required(goMod, module) {
  const match = new RegExp(`^(?:require )?\\s*${module.replaceAll('.', '\\.')} (v\\S+)`, 'm').exec(
    readFileSync(goMod, 'utf8'),
  );
  if (!match) throw new Error(`${goMod} does not require ${module}`);
  return match[1];
}

function build(cwd, target, flags, pkg) {
  if (existsSync(target)) return;
  const started = Date.now();
  console.log(`building ${target}`);
  mkdirSync(path.dirname(target), { recursive: true });
  const unfinished = `${target}.${process.pid}`;
  execFileSync('go', ['build', '-trimpath', '-ldflags', ['-s', '-w', ...flags].join(' '), '-o', unfinished, pkg], {
    cwd,
    stdio: 'inherit',
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly -buildvcs=false' },
  });
  renameSync(unfinished, target);
  console.log(`  took ${Math.round((Date.now() - started) / 1000)} s`);
}

const args = process.argv.slice(2);
const wanted = args.filter((arg) => !arg.startsWith('-'));
for (const minor of wanted.length > 0 ? wanted : minors) {
  if (!minors.includes(minor)) throw new Error(`no module for Kubernetes ${minor}; there are ${minors.join(', ')}`);
  const module = path.join(here, `v${minor}`);
  const version = required(path.join(module, 'go.mod'), 'k8s.io/kubernetes');
  const directory = path.join(cache, `${version.slice(1)}-${platform()}-${goarch}`);
  if (args.includes('--print')) {
    console.log(directory);
    continue;
  }
  // Without these a server calls itself v0.0.0, and kubectl and feature gates misbehave.
  const [major, minorNumber] = minor.split('.');
  const stamp = { gitVersion: version, gitMajor: major, gitMinor: minorNumber };
  const flags = Object.entries(stamp).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  for (const command of commands) {
    build(module, path.join(directory, command), flags, `k8s.io/kubernetes/cmd/${command}`);
  }
  build(path.join(here, 'etcd'), path.join(directory, 'etcd'), [], '.');
}
