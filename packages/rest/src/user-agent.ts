import type { Config } from './config.js';

/** What runtimes with processes tell of this one. */
interface Runtime {
  readonly argv?: readonly string[];
  readonly platform?: string;
  readonly arch?: string;
}

/**
 * Who is calling, unless `config.userAgent` says so: as client-go's default the program, its version, which nobody knows here, and the
 * machine in the runtime's words, such as `controller/unknown (linux/x64) client-ts`. Where there is no program: `client-ts`.
 *
 * Servers name the writer of fields after what is before the first slash, if a write names no field manager.
 */
export function defaultUserAgent(): string {
  const { process: { argv, platform, arch } = {} } = globalThis as { readonly process?: Runtime };
  const [, program] = /([^\\/]+?)(?:\.[cm]?[jt]s)?$/.exec(argv?.[1] ?? '') ?? [];
  return program ? `${program.replaceAll(/[^\w.-]/g, '_')}/unknown (${platform}/${arch}) client-ts` : 'client-ts';
}

/**
 * A config for a part of a program, whose name is added to the user agent, as client-go's `AddUserAgent` does. It is another value,
 * with a limiter and a client of its own.
 */
export function withUserAgent(config: Config, part: string): Config {
  return { ...config, userAgent: `${config.userAgent ?? defaultUserAgent()}/${part}` };
}
