import type { ExecPluginPolicy, Stdin } from '@client-ts/auth';
import type { Environment } from './kubeconfig-files.js';

/** How credentials that are not in the kubeconfig are come by. */
export interface ExecOptions {
  /** Which plugins may run. Default: any, as in kubectl. */
  readonly execPolicy?: ExecPluginPolicy | undefined;
  /** Default: the process's own, when it is a terminal. */
  readonly stdin?: Stdin | undefined;
  /** What plugins inherit, and where proxies are named. Default: `process.env`. */
  readonly env?: Environment | undefined;
}
