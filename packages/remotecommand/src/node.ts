export { copyFromPod, type CopyFromPodOptions } from './node/copy-from-pod.js';
export { copyToPod, type CopyToPodOptions } from './node/copy-to-pod.js';
export { CopyError, isCopyError } from './node/copy-error.js';
export type { CopyOptions, CopyProgress, CopySummary, SkippedEntry } from './node/copy-options.js';
