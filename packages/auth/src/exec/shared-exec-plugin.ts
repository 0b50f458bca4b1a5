import { createHash } from 'node:crypto';
import { LruMap } from '@client-ts/apimachinery';
import type { ExecConfig } from './exec-config.js';
import { ExecPlugin, type ExecPluginOptions } from './exec-plugin.js';

/** What can be compared: two functions are never the same. Events come through `node:diagnostics_channel`. */
export type SharedExecPluginOptions = Omit<ExecPluginOptions, 'clock' | 'observer' | 'onStderr' | 'run'>;

/** As many as a program with many clusters has at the same time; the one that was not asked for longest runs anew. */
const MaxPlugins = 1000;

const plugins = /* @__PURE__ */ new LruMap<ExecPlugin>(MaxPlugins);

/**
 * The plugin of a config, one for all clients of this process: what is configured alike runs once for all of them, however
 * often a kubeconfig is loaded. The cluster counts as far as the plugin is told of it.
 *
 * @throws TypeError as the constructor of {@link ExecPlugin}.
 */
export function sharedExecPlugin(config: ExecConfig, options: SharedExecPluginOptions = {}): ExecPlugin {
  const { command, args, env, apiVersion, installHint, provideClusterInfo = false, interactiveMode } = config;
  const { cluster, policy, stdin, env: environment } = options;
  if (stdin?.isTerminal) return new ExecPlugin(config, options);
  const parts = [
    [command, args, env, apiVersion, installHint, provideClusterInfo, interactiveMode],
    [provideClusterInfo ? cluster : undefined, policy, stdin?.unavailable],
    environment === process.env ? null : (environment ?? null),
  ];
  // Arguments and variables may hold secrets.
  const key = createHash('sha256').update(JSON.stringify(parts)).digest('base64');
  return plugins.getOrMake(key, () => new ExecPlugin(config, options));
}
