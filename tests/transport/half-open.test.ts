import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** Why there is no network of one's own here, with a wire to another one; `undefined` where there is. */
function obstacle(): string | undefined {
  const trial = 'ip link add near type veth peer name far';
  const { error, status, stderr } = spawnSync('unshare', ['--net', 'sh', '-c', trial], { encoding: 'utf8' });
  return error ? error.message : status === 0 ? undefined : stderr.trim();
}

const reason = obstacle();
if (reason !== undefined) console.warn(`\n!!! NOT TESTED: connections whose other end is gone: ${reason}\n`);

test.skipIf(reason !== undefined)(
  'whoever waits over HTTP/1.1 for a server that is gone is told',
  async ({ signal }) => {
    const node = [process.execPath, '--import', 'tsx', 'half-open.ts'];
    const options = { cwd: import.meta.dirname, signal };
    const { stdout } = await promisify(execFile)('unshare', ['--net', ...node], options);
    expect(JSON.parse(stdout)).toEqual([
      // Nothing is under way: the kernel's probes are not answered.
      'truncated: 10.77.1.2:8080: connection timed out',
      'reset: 10.77.1.2:8080: connection timed out',
      // A request is, on which the kernel would wait for a quarter of an hour: the transport has looked at the kernel's table.
      'reset: 10.77.1.2:8080: nothing has been acknowledged for 15 s',
    ]);
  },
);
