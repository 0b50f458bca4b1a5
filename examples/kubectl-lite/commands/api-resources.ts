import { formatGroupResource, formatGroupVersion } from '@client-ts/apimachinery';
import { type ApiResource, apiResources as resourcesOf, isGroupDiscoveryFailed } from '@client-ts/discovery';
import { command } from '../command.js';
import { TabWriter } from '../printing/tab-writer.js';

export const apiResources = command({
  usage: '[-o wide|name] [--api-group=G] [--namespaced=true|false] [--verbs=V,…]',
  flags: {
    output: { type: 'string', short: 'o' },
    'no-headers': { type: 'bool' },
    'api-group': { type: 'string' },
    namespaced: { type: 'bool', default: true },
    verbs: { type: 'strings' },
  },
  async run(session, { args, flags, given }) {
    if (args.length > 0) throw new Error(`unexpected arguments: [${args.join(' ')}]`);
    const { output, verbs } = flags;
    if (!['', 'wide', 'name'].includes(output))
      throw new Error(`the output format ${JSON.stringify(output)} is none of: wide, name`);
    const options = {
      apiGroup: given.has('api-group') ? flags['api-group'] : undefined,
      namespaced: given.has('namespaced') ? flags.namespaced : undefined,
      verbs,
      signal: session.io.signal,
    } as const;
    const writer = new TabWriter(session.io.stdout);
    let failure: unknown;
    const rows = await resourcesOf(session.discovery, options).catch((error: unknown) => {
      if (!isGroupDiscoveryFailed(error)) throw error;
      failure = error;
      return error.partial as readonly ApiResource[];
    });
    if (output === 'name') {
      writer.write(rows.map((row) => `${formatGroupResource(row)}\n`).join(''));
    } else {
      const isWide = output === 'wide';
      const lines = rows.map((row) => [
        ...columnsOf(row),
        ...(isWide ? [row.verbs.join(), row.categories.join()] : []),
      ]);
      const headers = [
        'NAME',
        'SHORTNAMES',
        'APIVERSION',
        'NAMESPACED',
        'KIND',
        ...(isWide ? ['VERBS', 'CATEGORIES'] : []),
      ];
      for (const line of flags['no-headers'] ? lines : [headers, ...lines]) writer.write(`${line.join('\t')}\n`);
    }
    writer.flush();
    if (failure !== undefined) throw failure;
  },
});

function columnsOf(row: ApiResource): string[] {
  return [row.resource, row.shortNames.join(), formatGroupVersion(row), String(row.scope === 'Namespaced'), row.kind];
}
