// A credential plugin for tests. It does what its arguments say, in their order.
import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync, readSync, writeFileSync } from 'node:fs';

const steps = {
  /** One line more in a file, so that runs can be counted. */
  count: (file) => appendFileSync(file, '\n'),
  /** What it was told, for whoever wants to see it. */
  tell: (file) => writeFileSync(file, JSON.stringify({ argv: process.argv0, env: process.env })),
  say: (text) => process.stderr.write(text),
  babble: (bytes) => process.stderr.write('x'.repeat(Number(bytes))),
  print: (text) => process.stdout.write(text),
  flood: (bytes) => process.stdout.write('x'.repeat(Number(bytes))),
  read: (file) => process.stdout.write(readFileSync(file, 'utf8')),
  /** Asks for a token, and gives what it is told. */
  ask(apiVersion) {
    process.stderr.write('Token: ');
    const line = Buffer.alloc(100);
    const token = line.toString('utf8', 0, readSync(0, line)).trim() || 'nobody answered';
    process.stdout.write(JSON.stringify({ kind: 'ExecCredential', apiVersion, status: { token } }));
  },
  /** Says so in a file, and stays until it is ended. */
  hang(file) {
    writeFileSync(file, String(process.pid));
    setInterval(() => undefined, 60_000);
  },
  /** Leaves a process behind that holds standard error, and says something there when it is told to end. */
  leave(file) {
    behind(file, ['ignore', 'ignore', 'inherit'], `process.stderr.write('from behind')`);
  },
  /** Leaves a process behind that prints its part when it is told to end. */
  leavePrinting(file) {
    behind(file, ['ignore', 'inherit', 'ignore'], `process.stdout.write(' and behind')`);
  },
  stubborn() {
    process.on('SIGTERM', () => undefined);
  },
  exit(code) {
    process.exitCode = Number(code);
  },
};

/** Its process ID is in the file once it can be told to end. It outlives no test for long. */
function behind(file, stdio, last) {
  const script = `process.on('SIGTERM', () => { ${last}; clearTimeout(stay); });
    const stay = setTimeout(() => undefined, 300_000);
    require('node:fs').writeFileSync(${JSON.stringify(file)}, String(process.pid))`;
  spawn(process.execPath, ['-e', script], { stdio, detached: true }).unref();
}

for (const argument of process.argv.slice(2)) {
  const [, step, value] = /^(\w+)(?:=(.*))?$/s.exec(argument);
  steps[step](value);
}
