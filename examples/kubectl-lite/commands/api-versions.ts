import { apiVersions as versionsOf } from '@client-ts/discovery';
import { command } from '../command.js';

export const apiVersions = command({
  usage: '',
  flags: {},
  async run(session, { args }) {
    if (args.length > 0) throw new Error(`unexpected arguments: [${args.join(' ')}]`);
    for (const version of await versionsOf(session.discovery, { signal: session.io.signal }))
      session.io.stdout(`${version}\n`);
  },
});
