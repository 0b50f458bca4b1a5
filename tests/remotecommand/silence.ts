import { text } from 'node:stream/consumers';
import { exec } from '@client-ts/remotecommand';
import type { Config } from '@client-ts/rest';

/**
 * Processes in the Pod `web` that say nothing for so long, with a terminal and without. Resolves with how many came through; rejects
 * when one of them did not end as it should.
 */
export async function liveThroughSilence(config: Config, silenceMs: number): Promise<number> {
  const command = ['sh', '-c', `sleep ${silenceMs / 1000}; echo still here; exit 3`];
  const all = [true, false].map(async (tty) => {
    await using process = await exec(config, { namespace: 'default', pod: 'web', command, tty, stdin: true });
    const [said, { code }] = await Promise.all([text(process.stdout), process.exit]);
    if (said.trim() === 'still here' && code === 3) return;
    throw new Error(`tty ${tty}: expected "still here" and exit code 3, got ${JSON.stringify(said)} and ${code}`);
  });
  return (await Promise.all(all)).length;
}
