/** Which plugin it is about: the same object in all of its events. */
export interface ObservedPlugin {
  /** As configured. */
  readonly command: string;
}

/** How a run ended, in the words of client-go's `rest_client_exec_plugin_call_total`. */
export type ExecPluginCallStatus =
  /** With exit code 0, whatever it printed. */
  | 'no_error'
  /** With another exit code, or it was killed. */
  | 'plugin_execution_error'
  /** There is no such program, or it cannot be started. */
  | 'plugin_not_found_error'
  /** In another way. */
  | 'client_internal_error';

/**
 * What an exec plugin tells those who measure: what client-go's metrics of exec plugins need. Never contains a credential.
 *
 * Further types may be added in minor versions: ignore what is not known.
 */
export type ExecPluginEvent =
  /** The policy allowed it to run, or not: `rest_client_exec_plugin_policy_call_total`. */
  | { readonly type: 'policyChecked'; readonly plugin: ObservedPlugin; readonly allowed: boolean }
  /** It ran, or could not: `rest_client_exec_plugin_call_total`. Runs that are aborted are not told of. */
  | {
      readonly type: 'called';
      readonly plugin: ObservedPlugin;
      readonly status: ExecPluginCallStatus;
      /** Its exit code; -1 when a signal killed it, and 1 when there is none. */
      readonly exitCode: number;
    }
  /** It gave its first certificate, another one than before, or none any more. */
  | {
      readonly type: 'certificateChanged';
      readonly plugin: ObservedPlugin;
      /**
       * When it expires, in milliseconds since the epoch; `undefined` when there is none. The earliest of all plugins is that of
       * `rest_client_exec_plugin_ttl_seconds`.
       */
      readonly expiresAt: number | undefined;
      /** How old the one before was, in milliseconds: `rest_client_exec_plugin_certificate_rotation_age`. */
      readonly replacedAgeMs: number | undefined;
    };

/** Receives a plugin's events as they happen. What it throws is an uncaught error, and does not concern the plugin. */
export type ExecPluginObserver = (event: ExecPluginEvent) => void;
