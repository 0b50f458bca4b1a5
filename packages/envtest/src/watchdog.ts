import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads what to clean up from its input; when that ends without `done`, the process that wrote it has died, by whatever
 * signal, and everything is cleaned up in its place.
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
sleep 0.2
rm -rf "$directory"
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

  /** This one has ended. */
  forget(pid: number): void {
    this.#tell(`dead ${pid}`);
  }

  /** Everything has been cleaned up in good order. */
  release(): void {
    this.#tell('done');
    this.#child.stdin?.end();
  }

  #tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }
}
