import { describe, test } from 'vitest';
import type { MakeTransport } from './case.js';
import { connections } from './cases/connections.js';
import { exchange } from './cases/exchange.js';
import { failures } from './cases/failures.js';
import { leaving } from './cases/leaving.js';
import { tls } from './cases/tls.js';
import { webSockets } from './cases/web-sockets.js';

const topics = { exchange, failures, leaving, connections, tls, webSockets };

type Topics = typeof topics;
export type CaseName = { [Topic in keyof Topics]: keyof Topics[Topic] }[keyof Topics];

/**
 * Holds a transport to the contract, against a server on loopback.
 *
 * @param skip - why a case cannot hold for this one.
 */
export function transportCases(
  name: string,
  make: MakeTransport,
  { skip = {} }: { readonly skip?: Partial<Record<CaseName, string>> } = {},
): void {
  describe(name, () => {
    for (const [topic, cases] of Object.entries(topics)) {
      describe(topic, () => {
        for (const [title, run] of Object.entries(cases)) {
          const reason = skip[title as CaseName];
          test.skipIf(reason)(reason === undefined ? title : `${title} (skipped: ${reason})`, () => run(make));
        }
      });
    }
  });
}
