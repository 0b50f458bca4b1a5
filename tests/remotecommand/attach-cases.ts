import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { Environment } from '@client-ts/envtest';
import { attach, type Attachment, type StreamOptions } from '@client-ts/remotecommand';
import { expect, test } from 'vitest';
import { runPod } from './pods.js';
import { missingTerminals, TerminalScript } from './terminal-script.js';
import { textDecoder } from './text-decoder.js';

/** Says what it was told, on both outputs, and ends with its stdin. */
const Echo = ['sh', '-c', 'while read -r line; do echo "out $line"; echo "err $line" >&2; done; exit 4'];

/** What somebody has typed, and what `cat` makes of it. */
const echoed = (word: string): string => `${word}\r\n${word}\r\n`;

/**
 * What attach does through kube-apiserver and kubelet, beside kubectl.
 *
 * @param running - gives the environment, from when tests run.
 */
export function defineAttachCases(running: () => Environment, kubectl: string): void {
  const to = (pod: string, options: Partial<StreamOptions> = {}): Promise<Attachment> =>
    attach(running().config, { namespace: 'default', pod, ...options });
  const env = (): Record<string, string> => ({ KUBECONFIG: running().kubeconfig, HOME: '/nonexistent' });

  test('attach gives what kubectl gives, and tells the process that it was all', async () => {
    const container = { command: Echo, stdin: true, stdinOnce: true };
    await Promise.all(['ours', 'theirs'].map((name) => runPod(running().config, name, container)));
    await using attachment = await to('ours', { stdin: 'one\ntwo\n' });
    const ours = await Promise.all([text(attachment.stdout), text(attachment.stderr!), attachment.ended]);

    const child = spawn(kubectl, ['attach', '-i', 'theirs'], { env: env() });
    child.stdin.end('one\ntwo\n');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(ours).toEqual(['out one\nout two\n', 'err one\nerr two\n', undefined]);
    expect([stdout, stderr.endsWith(ours[1])]).toEqual([ours[0], true]);
  });

  const noTerminals = missingTerminals();
  test(`attach lets go of a process, which runs on, and attaches to it again, on a terminal, and so does kubectl${noTerminals ? ` (left out: ${noTerminals})` : ''}`, async () => {
    await runPod(running().config, 'terminal', { command: ['cat'], stdin: true, tty: true });
    for (const word of ['once', 'twice']) {
      await using attachment = await to('terminal', { stdin: true, tty: true });
      attachment.resize({ width: 100, height: 30 });
      const writer = attachment.stdin!.getWriter();
      let screen = '';
      await writer.write(`${word}\n`);
      for await (const piece of attachment.stdout.pipeThrough(textDecoder())) {
        screen += piece;
        // The end of a line may come in a piece of its own.
        if (screen.length >= echoed(word).length) break;
      }
      expect(screen).toBe(echoed(word));
    }
    if (noTerminals) return;
    const script = `${kubectl} attach -it terminal`;
    await using terminal = new TerminalScript(script, { ...env(), PATH: '/usr/bin:/bin', SHELL: '/bin/sh' });
    await terminal.until(/\n/);
    terminal.type('thrice\r');
    await terminal.until(/thrice\r\nthrice\r\n/);
  });

  test('attach says why it cannot', async () => {
    await expect(to('none')).rejects.toMatchObject({ name: 'StatusError', message: 'pods "none" not found' });
  });
}
