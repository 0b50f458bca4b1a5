import { parseArgs } from 'node:util';
import { loadConfig } from '@client-ts/clientcmd';
import { serveWebTerminal } from './server.js';

const { values, positionals } = parseArgs({
  options: {
    container: { type: 'string', short: 'c' },
    context: { type: 'string' },
    namespace: { type: 'string', short: 'n' },
    port: { type: 'string', short: 'p', default: '0' },
  },
  allowPositionals: true,
});
const [pod, ...command] = positionals;
if (pod === undefined)
  throw new Error('usage: web-terminal POD [-c CONTAINER] [-n NAMESPACE] [-p PORT] [-- COMMAND …]');

const { container, context, namespace, port } = values;
const config = await loadConfig({ context, namespace });
const terminal = await serveWebTerminal(config, {
  namespace: config.namespace ?? 'default',
  pod,
  container,
  port: Number(port),
  ...(command.length > 0 ? { command } : {}),
});
console.log(`Open ${terminal.url}\nWhoever has this address can run commands; Control-C ends it.`);

process.once('SIGINT', () => {
  void terminal[Symbol.asyncDispose]().then(() => config.transport?.[Symbol.asyncDispose]());
});
