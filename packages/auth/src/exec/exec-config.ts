/** How a plugin stands to standard input. */
export type ExecInteractiveMode =
  /** It never reads standard input. */
  | 'Never'
  /** It gets standard input when that is a terminal, and works without. */
  | 'IfAvailable'
  /** It does not work without a terminal. */
  | 'Always';

/**
 * A program that gives credentials. The fields are those of `exec` in a user of a kubeconfig.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export interface ExecConfig {
  /** A name that is looked up in `PATH`, or a path. */
  readonly command?: string | undefined;
  readonly args?: readonly string[] | null | undefined;
  /** Variables that the program gets beside those of this process. */
  readonly env?:
    readonly { readonly name?: string | undefined; readonly value?: string | undefined }[] | null | undefined;
  /** `client.authentication.k8s.io/v1` or `client.authentication.k8s.io/v1beta1`; the program has to answer in the same. */
  readonly apiVersion?: string | undefined;
  /** Shown when the program is not there. */
  readonly installHint?: string | undefined;
  /** Tell the program which cluster it is for, certificate authority included. Default: false. */
  readonly provideClusterInfo?: boolean | undefined;
  /** Required in v1. Default in v1beta1: `IfAvailable`. */
  readonly interactiveMode?: string | undefined;
}

const ApiVersions: readonly string[] = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];
const InteractiveModes: readonly string[] = ['Never', 'IfAvailable', 'Always'] satisfies ExecInteractiveMode[];

/** What is wrong with a config: each begins with the field. Empty when nothing is. Never quotes an argument or a variable. */
export function execConfigProblems(config: ExecConfig): string[] {
  const problems: string[] = [];
  const { command, apiVersion, env, interactiveMode } = config;
  if (!command) problems.push('command: expected the name or the path of a program');
  if (!apiVersion) problems.push(`apiVersion: expected ${ApiVersions.join(' or ')}`);
  else if (!ApiVersions.includes(apiVersion)) {
    const removed = apiVersion === 'client.authentication.k8s.io/v1alpha1' ? 'v1alpha1 has been removed; ' : '';
    problems.push(`apiVersion: ${removed}expected ${ApiVersions.join(' or ')}`);
  }
  env?.forEach(({ name }, index) => {
    if (!name) problems.push(`env[${index}].name: expected the name of a variable`);
    else if (/[=\0]/.test(name)) problems.push(`env[${index}].name: may not contain "=" or a null character`);
  });
  const mode = interactiveModeOf(config);
  if (mode === undefined && interactiveMode) {
    problems.push(`interactiveMode: expected ${InteractiveModes.join(', ')}`);
  } else if (mode === undefined && apiVersion) {
    problems.push(`interactiveMode: required in ${ApiVersions[0]}: expected ${InteractiveModes.join(', ')}`);
  }
  return problems;
}

/** The mode that counts; `undefined` when there is none, or an unknown one. */
export function interactiveModeOf({ interactiveMode, apiVersion }: ExecConfig): ExecInteractiveMode | undefined {
  // Plugins of v1beta1 are older than the field.
  const fallback = apiVersion === 'client.authentication.k8s.io/v1' ? undefined : 'IfAvailable';
  const mode = interactiveMode || fallback;
  return InteractiveModes.find((known) => known === mode) as ExecInteractiveMode | undefined;
}
