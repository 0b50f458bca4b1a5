import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';

/**
 * What is left of an environment, by a text that occurs in nothing else: processes, mounts in anybody's namespace, cgroups. All of
 * them, those of others too, come and go while one looks.
 */
export async function leftoversOf(text: string): Promise<string[]> {
  const left: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    for (const file of ['cmdline', 'environ', 'mountinfo']) {
      if ((await read(`/proc/${pid}/${file}`)).includes(text)) left.push(`${file} of process ${pid}`);
    }
    for (const link of ['root', 'cwd']) {
      if ((await target(`/proc/${pid}/${link}`)).includes(text)) left.push(`${link} of process ${pid}`);
    }
  }
  left.push(...(await cgroupsBelow('/sys/fs/cgroup')).filter((name) => name.includes('kubepods')));
  return left;
}

async function cgroupsBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const groups = entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(directory, name));
  return [...groups, ...(await Promise.all(groups.map(cgroupsBelow))).flat()];
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

async function target(link: string): Promise<string> {
  return readlink(link).catch(() => '');
}
