import type { CommandLine, FlagSpecs } from './flags.js';
import type { globalFlags, Session } from './session.js';

/** What the program is called in what it says. */
export const Program = 'kubectl-lite';

export interface Command<S extends FlagSpecs = FlagSpecs> {
  /** What stands behind its name. */
  readonly usage: string;
  readonly flags: S;
  /** Flags without which there is no use in going on. */
  readonly required?: readonly string[];
  /** Does it, or rejects with what {@link describeFailure} puts into words. */
  run(session: Session, line: CommandLine<S & typeof globalFlags>): Promise<void>;
}

/** A command whose flags have the types that they are declared with. */
export function command<const S extends FlagSpecs>(definition: Command<S>): Command<S> {
  return definition;
}
