import { isatty } from 'node:tty';
import type { ExecInteractiveMode } from './exec-config.js';
import { ExecPluginError } from './exec-plugin-error.js';

/** What is there to read from. */
export interface Stdin {
  /** Default: whether standard input is a terminal. */
  readonly isTerminal?: (() => boolean) | undefined;
  /** Set when this program reads standard input itself: `true`, or a sentence for the error that says what for. */
  readonly unavailable?: boolean | string | undefined;
}

/**
 * Whether a plugin gets standard input.
 *
 * @throws ExecPluginError when it cannot do without.
 */
export function isInteractive(mode: ExecInteractiveMode, stdin: Stdin = {}): boolean {
  if (mode === 'Never') return false;
  const { isTerminal = () => isatty(0), unavailable = false } = stdin;
  const terminal = isTerminal();
  if (mode === 'IfAvailable') return terminal && !unavailable;
  if (!terminal) throw notInteractive('standard input is not a terminal');
  if (unavailable) {
    throw notInteractive(`standard input is unavailable${typeof unavailable === 'string' ? `: ${unavailable}` : ''}`);
  }
  return true;
}

function notInteractive(problem: string): ExecPluginError {
  return new ExecPluginError('not-interactive', `the plugin needs a terminal (interactiveMode Always): ${problem}`);
}
