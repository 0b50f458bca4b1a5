import * as fc from 'fast-check';
import { failingStreams, syncDespite } from '../tests/informers/failing-streams.js';
import { histories, runHistory } from '../tests/informers/random-history.js';
import { overlayStories, tellStory } from '../packages/cache/src/write-overlay.test.kit.js';
import { electionStories, tellElectionStory } from '../packages/leaderelection/src/election-stories.test.kit.js';
import { shardStories, tellShardStory } from '../packages/sharding/src/shard-stories.test.kit.js';
import { followHistory, watchHistories } from '../packages/watch/src/retry-watcher.test.kit.js';
import { queueStories, tellQueueStory } from '../packages/workqueue/src/queue-model.test.kit.js';

/** Something that is run with random input, again and again. */
export interface SoakSubject {
  readonly name: string;
  /** Of one input; rejects when what ran did not do what it should have. */
  readonly property: fc.IRawProperty<[unknown]>;
}

export const soakSubjects: readonly SoakSubject[] = [
  subject('informer under faults', histories, runHistory),
  subject('informer without streams', failingStreams, syncDespite),
  subject('own writes over informers', overlayStories, tellStory),
  subject('RetryWatcher', watchHistories, followHistory),
  subject('work queue', queueStories, tellQueueStory),
  subject('leader election', electionStories, tellElectionStory),
  subject('members that share shards', shardStories, tellShardStory),
];

/** A subject of one kind of input. */
export function subject<T>(name: string, input: fc.Arbitrary<T>, run: (input: T) => Promise<void>): SoakSubject {
  return { name, property: fc.asyncProperty(input, run) as fc.IRawProperty<[unknown]> };
}
