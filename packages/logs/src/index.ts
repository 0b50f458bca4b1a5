export type { ClosableIterable } from '@client-ts/apimachinery';
export type { LogLine } from './log-line.js';
export { mergedPodLogs, type MergedPodLogsOptions } from './merged-pod-logs.js';
export { isPodLogError, type LogSource, PodLogError } from './pod-log-error.js';
export { podLogBytes, type PodLogBytesOptions } from './pod-log-bytes.js';
export type { LogOptions, LogRetry } from './pod-log-options.js';
export { podLogs, type PodLogsOptions } from './pod-logs.js';
