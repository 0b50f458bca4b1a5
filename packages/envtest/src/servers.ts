import { ServerProcess } from './server-process.js';
import type { Watchdog } from './watchdog.js';

interface Server {
  readonly command: string;
  readonly args: readonly string[];
  process: ServerProcess;
}

/** The servers of one environment, by name, in the order in which they were started. */
export class Servers {
  readonly #watchdog: Watchdog;
  readonly #servers = new Map<string, Server>();

  constructor(watchdog: Watchdog) {
    this.#watchdog = watchdog;
  }

  /** Those that should be running. */
  get processes(): readonly ServerProcess[] {
    return [...this.#servers.values()].map(({ process }) => process);
  }

  start(name: string, command: string, args: readonly string[]): ServerProcess {
    const process = this.#spawn(name, command, args);
    this.#servers.set(name, { command, args, process });
    return process;
  }

  /** Ends a server by SIGKILL; resolves when it is dead, which it may have been before. @throws Error when there is none. */
  async kill(name: string): Promise<void> {
    await this.#get(name).process.stop('SIGKILL');
  }

  /** Starts a server as it was started first; one that runs is killed before. */
  async restart(name: string): Promise<ServerProcess> {
    await this.kill(name);
    const server = this.#get(name);
    return (server.process = this.#spawn(name, server.command, server.args));
  }

  /** Ends all of them in good order, the last one first. */
  async stop(): Promise<void> {
    for (const process of this.processes.toReversed()) await process.stop('SIGTERM');
    this.#servers.clear();
  }

  #spawn(name: string, command: string, args: readonly string[]): ServerProcess {
    const watchdog = this.#watchdog;
    const process = new ServerProcess(name, command, args, (pid) => watchdog.forget(pid));
    if (process.pid !== undefined) watchdog.watch(process.pid);
    return process;
  }

  #get(name: string): Server {
    const server = this.#servers.get(name);
    if (server) return server;
    throw new Error(`there is no ${name} in this environment; there are ${[...this.#servers.keys()].join(', ')}`);
  }
}
