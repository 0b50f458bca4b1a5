import { expect, test } from 'vitest';
import { ServerProcess } from './server-process.js';

/** Says things in pieces: each is written when the one before has been read, or so. */
const Pieces = `printf 'listen: address already '; sleep 0.2; printf 'in use\\n\\nthe last '; sleep 0.2; printf 'words'; exit 7`;

test('a server that dies is an error with its last lines, whatever the pieces that they come in', async () => {
  const free: number[] = [];
  const server = new ServerProcess('a server', 'sh', ['-c', Pieces], (pid) => free.push(pid));
  await expect(server.unexpectedEnd()).rejects.toThrow(
    'a server exited with 7; its last words:\nlisten: address already in use\nthe last words',
  );
  expect(free).toEqual([server.pid]);
});
