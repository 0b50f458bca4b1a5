import { apiVersions as versionsOf } from '@client-ts/discovery';
import { command, UsageError } from '../command.js';

export const apiVersions = command({
  usage: '',
  flags: {},
  async run(session, { args }) {
    if (args.length > 0) throw new UsageError('api-versions', `unexpected arguments: [${args.join(' ')}]`);
    for (const version of await versionsOf(session.discovery, { signal: session.io.signal }))
      session.io.stdout(`${version}\n`);
  },
});
