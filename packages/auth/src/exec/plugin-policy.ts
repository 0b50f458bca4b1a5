import path from 'node:path';
import { ExecPluginError } from './exec-plugin-error.js';
import { isName, lookPath } from './look-path.js';

/**
 * Which plugins may run at all: a kubeconfig is often somebody else's, and a plugin is a program of his choice.
 *
 * @see https://github.com/kubernetes/enhancements/tree/master/keps/sig-auth/3104-introduce-kuberc
 */
export interface ExecPluginPolicy {
  readonly type: 'AllowAll' | 'DenyAll' | 'Allowlist';
  /** For `Allowlist` alone: names that are looked up in `PATH`, or normalized paths. */
  readonly allowlist?: readonly { readonly command: string }[] | undefined;
}

/** @throws TypeError when the policy contradicts itself. It guards something, so a mistake in it is not overlooked. */
export function checkPolicy({ type, allowlist }: ExecPluginPolicy): void {
  if (type === 'AllowAll' || type === 'DenyAll') {
    if (allowlist !== undefined) throw new TypeError(`policy.allowlist: set, but policy.type is ${type}`);
    return;
  }
  if (type !== 'Allowlist') throw new TypeError('policy.type: expected AllowAll, DenyAll or Allowlist');
  if (allowlist === undefined) throw new TypeError('policy.allowlist: required when policy.type is Allowlist');
  if (allowlist.length === 0) throw new TypeError('policy.allowlist: empty; policy.type DenyAll says that');
  allowlist.forEach(({ command }, index) => {
    const where = `policy.allowlist[${index}].command`;
    if (!command) throw new TypeError(`${where}: expected the name or the path of a program`);
    const clean = cleanPath(command);
    if (clean !== command) throw new TypeError(`${where}: not normalized: expected ${JSON.stringify(clean)}`);
  });
}

/**
 * @param command - as configured.
 * @param resolved - what would run; `undefined` when there is no such program.
 * @throws ExecPluginError unless the policy allows it.
 */
export async function enforcePolicy(
  policy: ExecPluginPolicy,
  command: string,
  resolved: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  if (policy.type === 'AllowAll') return;
  const name = JSON.stringify(command);
  if (policy.type === 'DenyAll') throw notAllowed(`plugin ${name} is not allowed: the policy is DenyAll`);
  const allowed = (policy.allowlist ?? []).map((entry) => entry.command);
  const clean = cleanPath(command);
  // Of `./aws` nothing but a name is left, which would be that of another program. (kubectl runs that one.)
  if ((isName(command) || !isName(clean)) && allowed.includes(clean)) return;
  if (resolved === undefined) throw notAllowed(`plugin ${name} is not on the allowlist, and there is no such program`);
  if (allowed.includes(resolved)) return;
  const base = path.basename(resolved);
  if (allowed.includes(base) && (await lookPath(base, env)) === resolved) return;
  throw notAllowed(`plugin ${name} (${JSON.stringify(resolved)}) is not on the allowlist`);
}

function cleanPath(file: string): string {
  const normal = path.normalize(file);
  return normal.length > 1 ? normal.replace(/[/\\]$/, '') : normal;
}

function notAllowed(message: string): ExecPluginError {
  return new ExecPluginError('not-allowed', message);
}
