import { type ContextConfig, loadConfig } from '@client-ts/clientcmd';
import { DiscoveryClient } from '@client-ts/discovery';
import { warningWriter } from '@client-ts/rest';
import { DeferredDiscoveryRESTMapper, type RESTMapping, ShortcutExpander } from '@client-ts/restmapper';
import type { FlagSpecs, FlagValues } from './flags.js';
import { escapeTerminal } from './printing/escape-terminal.js';

/** What a command reads and writes; `process`, or what a test has in its place. */
export interface Io {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly stdin: () => Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends waits and watches. */
  readonly signal: AbortSignal;
}

/** Flags that every command has. */
export const globalFlags = {
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  server: { type: 'string', short: 's' },
  namespace: { type: 'string', short: 'n' },
  as: { type: 'string' },
} as const satisfies FlagSpecs;

/** One run of a command against one cluster. What the server serves is asked for when a name has to be understood. */
export class Session implements AsyncDisposable {
  readonly config: ContextConfig;
  readonly discovery: DiscoveryClient;
  readonly mapper: DeferredDiscoveryRESTMapper;
  readonly names: ShortcutExpander;
  readonly namespace: string;
  /** Whether the namespace was asked for, and is not merely what there is. */
  readonly enforceNamespace: boolean;
  /** What is written has none of what would control a terminal: most of it is a server's. */
  readonly io: Io;
  /** Writes as it is, for programs that read it. */
  readonly writeAsIs: (text: string) => void;

  private constructor(config: ContextConfig, enforceNamespace: boolean, io: Io) {
    const stdout = (text: string): void => io.stdout(escapeTerminal(text));
    const stderr = (text: string): void => io.stderr(escapeTerminal(text));
    this.io = { ...io, stdout, stderr };
    this.writeAsIs = io.stdout;
    this.config = { ...config, onWarning: warningWriter(stderr, { deduplicate: true }) };
    this.discovery = new DiscoveryClient(this.config);
    this.mapper = new DeferredDiscoveryRESTMapper(this.discovery);
    this.names = new ShortcutExpander(this.mapper, this.mapper, {
      onWarning: (text) => stderr(`Warning: ${text}\n`),
    });
    this.namespace = config.namespace ?? 'default';
    this.enforceNamespace = enforceNamespace;
  }

  static async open(flags: FlagValues<typeof globalFlags>, io: Io): Promise<Session> {
    const { kubeconfig, context, namespace, server, as } = flags;
    const config = await loadConfig({
      kubeconfig: kubeconfig || undefined,
      context: context || undefined,
      namespace: namespace || undefined,
      ...(server === '' ? {} : { clusterInfo: { server } }),
      ...(as === '' ? {} : { userInfo: { as } }),
      env: io.env,
    });
    return new Session(config, namespace !== '', io);
  }

  /** Where objects of a mapping are: nowhere in particular when they are cluster-scoped. */
  namespaceOf({ scope }: RESTMapping, namespace = this.namespace): string | undefined {
    return scope === 'Namespaced' ? namespace : undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.config.transport?.[Symbol.asyncDispose]();
  }
}
