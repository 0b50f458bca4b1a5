import type { Benchmark } from './benchmark.js';
import { codecDecoding } from './codec-decoding.js';
import { discovery } from './discovery.js';
import { execStdout } from './exec-stdout.js';
import { importCost } from './import-cost.js';
import { informerChanges, informerReal, informerRecorded, informersSync, informerSync } from './informer-benchmarks.js';
import { listDecoding } from './list-decoding.js';
import { memoryGets } from './memory-gets.js';
import { portForwarding } from './port-forward.js';
import { realGets } from './real-gets.js';
import { tlsGets } from './tls-gets.js';
import { typeCheck } from './type-check.js';
import { watchDecoding } from './watch-decoding.js';
import { workqueue, workqueueDelayed } from './workqueue.js';

/** All there are, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [
  watchDecoding,
  listDecoding(10),
  listDecoding(100),
  codecDecoding,
  informerSync,
  informersSync,
  informerChanges,
  workqueue('add', 100),
  workqueue('take', 100),
  workqueue('add', 1000),
  workqueue('take', 1000),
  workqueueDelayed,
  memoryGets,
  tlsGets(1),
  tlsGets(1000),
  importCost,
  typeCheck,
  realGets(1),
  realGets(16),
  realGets(64),
  discovery,
  execStdout,
  portForwarding('down'),
  portForwarding('up'),
  informerReal,
  informerRecorded,
];
