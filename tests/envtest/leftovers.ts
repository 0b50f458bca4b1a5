import { readdir, readFile, readlink } from 'node:fs/promises';

/** What is left of an environment, by a text that occurs in nothing else: processes, mounts in anybody's namespace, cgroups. */
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
  const cgroups = await readdir('/sys/fs/cgroup', { recursive: true });
  left.push(...cgroups.filter((name) => name.includes('kubepods')));
  return left;
}

/** Processes come and go while one looks. */
async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

async function target(link: string): Promise<string> {
  return readlink(link).catch(() => '');
}
