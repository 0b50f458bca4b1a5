import { type Clock, LruMap, SingleFlight, wallClock } from '@client-ts/apimachinery';
import type { TokenSource, Transport } from '@client-ts/rest';
import { newTransport, type TlsSource, type TransportOptions } from '@client-ts/transport';
import { type ExecConfig, execConfigProblems, interactiveModeOf } from './exec-config.js';
import { type CredentialSource, type ExecCredential, parseExecCredential } from './exec-credential.js';
import { type ExecCluster, execInfo } from './exec-info.js';
import { ExecPluginError } from './exec-plugin-error.js';
import type { ExecPluginObserver } from './exec-plugin-event.js';
import { ExecPluginEvents } from './exec-plugin-events.js';
import { execTlsSource } from './exec-tls-source.js';
import { ExecTransport } from './exec-transport.js';
import { InstallHint } from './install-hint.js';
import { isInteractive, type Stdin } from './interactive.js';
import { lookPath } from './look-path.js';
import { checkPolicy, enforcePolicy, type ExecPluginPolicy } from './plugin-policy.js';
import { Turns } from './turns.js';
import { PluginOutputTooLargeError, type PluginResult, runPlugin, type RunPlugin } from './run-plugin.js';

/** Two that ask their user at the same time would take each other's answers. */
const terminal = /* @__PURE__ */ new Turns();

/** So long a plugin is believed that has just said again what the server refuses: asking at once would say no more. */
const InsistsForMs = 5000;

export interface ExecPluginOptions {
  /** For `provideClusterInfo`: the cluster that the credentials are for. */
  readonly cluster?: ExecCluster | undefined;
  /** Default: any plugin may run, as in kubectl. */
  readonly policy?: ExecPluginPolicy | undefined;
  /** Default: the process's own, when it is a terminal. */
  readonly stdin?: Stdin | undefined;
  /** What the plugin inherits, and where its name is looked up. Default: `process.env`, as it is when the plugin runs. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** What the plugin says to the user: at most 64 KiB of each run. Default: it goes to standard error. */
  readonly onStderr?: ((text: Uint8Array | string) => void) | undefined;
  /** Told what happens: for metrics. The same comes through `node:diagnostics_channel`, for all plugins. */
  readonly observer?: ExecPluginObserver | undefined;
  /** Default: the machine's time. */
  readonly clock?: Clock | undefined;
  /** Runs the program. Default: as a process of this machine. */
  readonly run?: RunPlugin | undefined;
}

/**
 * Credentials from a plugin of `client.authentication.k8s.io`, v1 or v1beta1.
 *
 * The plugin runs once for all who need a credential at the same time, and again only when the credential has expired or the
 * server refuses it. Without `expirationTimestamp` a credential counts until it is refused. The process is ended when
 * nobody waits for it any more; it has no time limit of its own, since it may ask its user to sign in. Of plugins that need the
 * terminal (`Always`) one runs at a time.
 *
 * As client-go, it does not run ahead of the expiry: many plugins keep credentials themselves, up to the end. A credential
 * that expires on its way is refused, and then replaced.
 */
export class ExecPlugin implements CredentialSource {
  readonly #config: ExecConfig;
  readonly #options: ExecPluginOptions;
  readonly #clock: Clock;
  readonly #hint: InstallHint;
  readonly #events: ExecPluginEvents;
  readonly #flight = new SingleFlight<ExecCredential>();
  /** One for each identity that a certificate is added to: that is how transports know that they may share. */
  readonly #sources = new LruMap<TlsSource>(100);
  readonly #sourcesAbove = new WeakMap<TlsSource, TlsSource>();
  #cached: ExecCredential | undefined;
  #insistsUntil = -Infinity;

  /** @throws TypeError when the config or the policy is wrong; it names the field. */
  constructor(config: ExecConfig, options: ExecPluginOptions = {}) {
    const [problem] = execConfigProblems(config);
    if (problem !== undefined) throw new TypeError(`exec.${problem}`);
    if (options.policy) checkPolicy(options.policy);
    this.#config = config;
    this.#options = options;
    this.#clock = options.clock ?? wallClock;
    this.#hint = new InstallHint(this.#clock, config.installHint);
    this.#events = new ExecPluginEvents(config.command ?? '', options.observer);
  }

  /** For `config.bearerToken`. Gives `''` when the plugin identifies its user by a certificate alone. */
  readonly token: TokenSource = async ({ signal, rejected }) =>
    (await this.credential({ signal, rejected })).token ?? '';

  /**
   * The credential that counts now. Rejects with an {@link ExecPluginError}, or with `signal.reason`.
   *
   * @param options.rejected - what the server refused: the credential itself, or its token. The plugin runs again, unless
   * it has since.
   */
  async credential(options: Parameters<CredentialSource['credential']>[0] = {}): Promise<ExecCredential> {
    const { signal, rejected } = options;
    signal?.throwIfAborted();
    const cached = this.#cached;
    const refused = cached !== undefined && (cached === rejected || cached.token === (rejected ?? {}));
    if (cached && !this.#isExpired(cached) && (!refused || this.#insists())) return cached;
    const fresh = await this.#flight.join((ends) => this.#run(ends), signal);
    if (refused && fresh.token === cached.token && fresh.cert === cached.cert) {
      this.#insistsUntil = this.#clock.now() + InsistsForMs;
    }
    return fresh;
  }

  /**
   * A transport that identifies itself by the certificate that the plugin gives, if any: for `config.transport`. What is
   * under way when the plugin gives another one ends on its own connection.
   *
   * Transports of one plugin with the same options share their connections.
   */
  transport(options: TransportOptions = {}): Required<Transport> {
    const { tls = {} } = options;
    const source =
      typeof tls === 'function'
        ? (this.#sourcesAbove.get(tls) ?? execTlsSource(this, tls))
        : this.#sources.getOrMake(JSON.stringify(tls), () => execTlsSource(this, tls));
    if (typeof tls === 'function') this.#sourcesAbove.set(tls, source);
    return new ExecTransport(this, newTransport({ ...options, tls: source }));
  }

  #isExpired({ expiresAt = Infinity }: ExecCredential): boolean {
    return this.#clock.now() > expiresAt;
  }

  #insists(): boolean {
    return this.#clock.now() < this.#insistsUntil;
  }

  async #run(signal: AbortSignal): Promise<ExecCredential> {
    const { command = '', args, apiVersion = '', provideClusterInfo } = this.#config;
    const { cluster, policy = { type: 'AllowAll' }, env = process.env, run = runPlugin } = this.#options;
    const { onStderr = (text) => process.stderr.write(text) } = this.#options;
    const mode = interactiveModeOf(this.#config) ?? 'Never';
    const interactive = isInteractive(mode, this.#options.stdin);
    const file = await lookPath(command, env);
    await this.#enforcePolicy(policy, command, file, env);
    const what = `exec: executable ${JSON.stringify(command)}`;
    if (file === undefined) {
      this.#events.called('plugin_not_found_error', 1);
      throw new ExecPluginError('not-found', `${what} not found${this.#hint.take()}`);
    }
    signal.throwIfAborted();

    const own = (this.#config.env ?? []).map(({ name = '', value = '' }) => [name, value] as const);
    const info = execInfo(apiVersion, interactive, provideClusterInfo ? cluster : undefined);
    const environment = { ...env, ...Object.fromEntries(own), KUBERNETES_EXEC_INFO: info };
    let result: PluginResult;
    using _turn = mode === 'Always' ? await terminal.take(signal) : undefined;
    try {
      result = await run({ file, name: command, args: args ?? [], env: environment, interactive, signal, onStderr });
    } catch (error) {
      signal.throwIfAborted();
      const { code } = error as NodeJS.ErrnoException;
      this.#events.called(code === undefined ? 'client_internal_error' : 'plugin_not_found_error', 1);
      throw this.#startFailure(what, error as Error);
    }
    const { stdout, code, killedBy } = result;
    this.#events.called(code === 0 ? 'no_error' : 'plugin_execution_error', code ?? -1);
    if (code === undefined) throw new ExecPluginError('failed', `${what} was killed by ${killedBy}`);
    if (code !== 0) throw new ExecPluginError('failed', `${what} failed with exit code ${code}`);
    const before = this.#cached;
    try {
      this.#cached = await parseExecCredential(stdout, apiVersion);
    } catch (cause) {
      const problem = (cause as Error).message;
      throw new ExecPluginError('bad-output', `${what} printed no usable credential: ${problem}`, { cause });
    }
    this.#events.credentialCame(before, this.#cached, this.#clock.now());
    return this.#cached;
  }

  async #enforcePolicy(...args: Parameters<typeof enforcePolicy>): Promise<void> {
    let allowed = false;
    try {
      await enforcePolicy(...args);
      allowed = true;
    } finally {
      this.#events.policyChecked(allowed);
    }
  }

  #startFailure(what: string, cause: Error): ExecPluginError {
    if (cause instanceof PluginOutputTooLargeError) {
      return new ExecPluginError('bad-output', `${what}: ${cause.message}`, { cause });
    }
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      return new ExecPluginError('not-found', `${what} not found, or what runs it${this.#hint.take()}`, { cause });
    }
    return new ExecPluginError('failed', `${what} cannot be run: ${cause.message}`, { cause });
  }
}
