import type { Warning } from '@client-ts/apimachinery';

export interface WarningWriterOptions {
  /** Write each text once. Default: false. */
  readonly deduplicate?: boolean | undefined;
  /** Write the first word in yellow, for terminals: `color: process.stderr.isTTY`. Default: false. */
  readonly color?: boolean | undefined;
}

/** How many texts are remembered. Servers choose them, and must not be able to fill the memory. */
const MaxRemembered = 1000;

/**
 * A handler of warnings that writes them as kubectl does, each on a line.
 *
 * ```ts
 * const config = { ...base, onWarning: warningWriter((line) => process.stderr.write(line), { deduplicate: true }) };
 * ```
 *
 * @param write - takes a line with its end.
 */
export function warningWriter(
  write: (line: string) => void,
  { deduplicate = false, color = false }: WarningWriterOptions = {},
): (warning: Warning) => void {
  const written = new Set<string>();
  const label = color ? '\u001b[33;1mWarning:\u001b[0m' : 'Warning:';
  return ({ text }) => {
    if (deduplicate) {
      if (written.has(text)) return;
      if (written.size >= MaxRemembered) written.clear();
      written.add(text);
    }
    write(`${label} ${text}\n`);
  };
}
