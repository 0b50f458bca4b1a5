export { FakeSource } from './testing/fake-source.js';
export { type IndexerCase, indexerCases, type MakeIndexer, type Thing } from './testing/indexer-cases.js';
export { type MakeQueue, type QueueCase, queueCases } from './testing/queue-cases.js';
