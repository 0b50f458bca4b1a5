// Lets every root script run as the very first command after `git clone`: brings the pinned pnpm through
// npx and installs what the lockfile says. Does nothing when node_modules already matches the lockfile.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const read = (file) => (existsSync(path.join(root, file)) ? readFileSync(path.join(root, file), 'utf8') : undefined);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`client-ts needs Node.js 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

if (read('node_modules/.pnpm/lock.yaml') !== read('pnpm-lock.yaml')) {
  const pnpm = JSON.parse(read('package.json')).packageManager.split('+')[0];
  console.error(`Installing dependencies with ${pnpm} …`);
  execFileSync('npx', ['-y', pnpm, 'install', '--frozen-lockfile', '--reporter=append-only'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
}
