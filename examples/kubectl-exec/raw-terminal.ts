import { spawnSync } from 'node:child_process';
import type { ReadStream } from 'node:tty';

/** Those that end a program, while there is somebody who may send them. */
const Fatal = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const;

/**
 * A terminal that hands on every key, Control-C too, for a terminal elsewhere to understand. It is as it was before once this is
 * disposed of, which ends its keys, too, and when a signal ends the process: the process still ends of that signal, as its parent
 * should see.
 */
export class RawTerminal implements Disposable {
  readonly #terminal: ReadStream;
  readonly #die = (signal: NodeJS.Signals): void => {
    this[Symbol.dispose]();
    process.kill(process.pid, signal);
  };

  constructor(terminal: ReadStream) {
    this.#terminal = terminal;
    for (const signal of Fatal) process.on(signal, this.#die);
    terminal.setRawMode(true);
    // Node.js lets the terminal go on turning each LF into CR LF, which the one elsewhere has done already. Where there is no such
    // program, as on Windows, there is no such thing either.
    spawnSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] });
  }

  [Symbol.dispose](): void {
    this.#terminal.setRawMode(false);
    this.#terminal.destroy();
    for (const signal of Fatal) process.off(signal, this.#die);
  }
}
