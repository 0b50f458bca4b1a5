export type { Change } from './change.js';
export { Controller, type RunOptions } from './controller.js';
export { AlreadyOwnedError, withController, withOwner } from './controller-reference.js';
export { controllerUid } from './controller-uid.js';
export {
  ControllerError,
  type ControllerErrorDetails,
  type ControllerErrorHandler,
  type ControllerStage,
} from './controller-error.js';
export {
  type ControllerMeter,
  controllerMetrics,
  type ControllerMetrics,
  type MeteredController,
} from './controller-metrics.js';
export type { ControllerOptions, Informers } from './controller-options.js';
export { UnansweredWriteError } from './doubt.js';
export type { Recorder } from './recorder.js';
export {
  addFinalizer,
  type FinalizerOptions,
  hasFinalizer,
  type PatchingClient,
  removeFinalizer,
} from './finalizers.js';
export { fromStream } from './stream-source.js';
export {
  type HealthCheck,
  HealthChecks,
  type HealthChecksOptions,
  type HealthReport,
  type HealthResult,
} from './health-checks.js';
export { healthText } from './health-text.js';
export type { InformerSourceOptions, WatchedResource } from './informer-source.js';
export { Manager, type ManagerOptions, type ManagerOutcome, type RunnableController } from './manager.js';
export { mapped } from './mapped.js';
export type { ObjectRef, ReconcileRequest } from './object-ref.js';
export type { Outcome } from './outcome.js';
export { owned, type OwnedOptions } from './owned.js';
export type { Partition } from './partition.js';
export {
  and,
  annotationChanged,
  generationChanged,
  labelChanged,
  not,
  or,
  type Predicate,
  resourceVersionChanged,
} from './predicate.js';
export type { Reason } from './reason.js';
export type { Reconcile, ReconcileContext, ReconcileResult, Requeue, RequeueAfter } from './reconcile.js';
export { ReadYourWrites, type ReadYourWritesOptions } from './read-your-writes.js';
export { ReconcileTimeoutError } from './reconcile-timeout-error.js';
export { type ConditionedObject, setCondition, type SetCondition } from './set-condition.js';
export type { EnqueueOptions, Source, SourceTarget, StartedSource } from './source.js';
export { isTerminalError, TerminalError } from './terminal-error.js';
export type { Span, SpanContext, SpanOptions, TraceApi, Tracer } from './tracing.js';
export { WriteLog } from './write-log.js';
