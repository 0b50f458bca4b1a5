import { breakAfterEveryByte, breaks } from '../tests/informers/every-byte.js';
import { execSilence } from './exec-silence.js';
import { reconnect } from './reconnects.js';
import { sharding } from './sharding.js';

/** Something that is not left to chance, and takes a while. */
export interface SoakTrial {
  readonly name: string;
  /** Resolves with what came of it, in a line; rejects when it was not as it should be. */
  readonly run: () => Promise<string>;
}

const Reconnects = 10_000;
const SharedObjects = 10_000;
/** Node.js itself takes and gives back so much from one look to the next. What is left behind by each reconnect adds up to more. */
const HeapNoiseBytes = 1024 * 1024;

export const soakTrials: readonly SoakTrial[] = [
  {
    name: 'answers that break after any of their bytes',
    async run() {
      let times = 0;
      for (const each of breaks) times += await breakAfterEveryByte(each, 1);
      return `the cache was what the server was after each of ${times}`;
    },
  },
  {
    name: `${Reconnects} reconnects`,
    async run() {
      const { heapBytes, ...counts } = await reconnect(Reconnects);
      const found = JSON.stringify({ heapBytes, ...counts });
      const grown = heapBytes > HeapNoiseBytes || Object.values(counts).some((count) => count > 0);
      if (grown) throw new Error(`more is held after all than after half of them: ${found}`);
      return `held more after all than after half of them: ${found}`;
    },
  },
  {
    name: `processes that share ${SharedObjects} objects`,
    async run() {
      const lines = [''];
      for await (const line of sharding(SharedObjects)) lines.push(line);
      return lines.join('\n');
    },
  },
  { name: 'silence of processes in containers', run: execSilence },
];
