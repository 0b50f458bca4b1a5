import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Reads what to clean up from its input; when that ends without `done`, the process that wrote it has died, by whatever
 * signal, and everything is cleaned up in its place. A server that has been killed may still end what it has begun, and make
 * a file where one has just been removed: then the directory is not empty, and removed again.
 */
const Script = `
trap '' INT TERM HUP
pids= directories=
while read -r kind value; do
  case $kind in
    pid) pids="$pids $value" ;;
    dead) left=; for pid in $pids; do [ "$pid" = "$value" ] || left="$left $pid"; done; pids=$left ;;
    directory) directory=$value ;;
    done) exit 0 ;;
  esac
done
kill -KILL $pids 2>/dev/null
attempts=600
until rm -rf "$directory" || [ $((attempts -= 1)) -eq 0 ]; do sleep 0.1; done
`;

/** Sees to it that servers do not outlive the process that started them. */
export class Watchdog {
  readonly #child: ChildProcess;

  constructor(directory: string) {
    this.#child = spawn('sh', ['-c', Script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.#child.unref();
    // It may have been killed by hand; then there is no one to tell, and nothing that a test should fail for.
    this.#child.stdin?.on('error', () => {});
    this.#tell(`directory ${directory}`);
  }

  watch(pid: number): void {
    this.#tell(`pid ${pid}`);
  }

  /** This one has ended: its number may soon be that of another process. */
  forget(pid: number): void {
    this.#tell(`dead ${pid}`);
  }

  /** Everything has been cleaned up in good order. Resolves when this one has ended as well. */
  async release(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return;
    this.#tell('done');
    this.#child.stdin?.end();
    this.#child.ref();
    await once(this.#child, 'exit');
  }

  #tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }
}
