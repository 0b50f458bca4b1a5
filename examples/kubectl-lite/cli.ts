import { text } from 'node:stream/consumers';
import { main } from './main.js';

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());

// Who reads no further, as `head`, needs no more.
process.stdout.on('error', () => process.exit(141));

process.exitCode = await main(process.argv.slice(2), {
  stdout: (chunk) => process.stdout.write(chunk),
  stderr: (chunk) => process.stderr.write(chunk),
  stdin: () => text(process.stdin),
  env: process.env,
  signal: interrupted.signal,
});
