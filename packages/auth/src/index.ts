export { type ExecConfig, execConfigProblems, type ExecInteractiveMode } from './exec/exec-config.js';
export type { CredentialSource, ExecCredential } from './exec/exec-credential.js';
export type { ExecCluster } from './exec/exec-info.js';
export { ExecPlugin, type ExecPluginOptions } from './exec/exec-plugin.js';
export { ExecPluginError, type ExecPluginFailure, isExecPluginError } from './exec/exec-plugin-error.js';
export type {
  ExecPluginCallStatus,
  ExecPluginEvent,
  ExecPluginObserver,
  ObservedPlugin,
} from './exec/exec-plugin-event.js';
export type { Stdin } from './exec/interactive.js';
export type { ExecPluginPolicy } from './exec/plugin-policy.js';
export { type ExecInfo, readExecInfo } from './exec/read-exec-info.js';
export type { PluginResult, PluginRun, RunPlugin } from './exec/run-plugin.js';
export { sharedExecPlugin, type SharedExecPluginOptions } from './exec/shared-exec-plugin.js';
export { fileTokenSource, type FileTokenSourceOptions } from './file-token-source.js';
export { isOidcError, OidcError } from './oidc/oidc-error.js';
export type { OidcClient } from './oidc/oidc-provider.js';
export { type OidcOptions, type OidcTokens, oidcTokenSource, type OidcTokenStore } from './oidc/oidc-token-source.js';
export { removedProviderAdvice } from './removed-providers.js';
