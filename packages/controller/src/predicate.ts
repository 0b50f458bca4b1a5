import type { CachedObject } from '@client-ts/cache';
import type { Change } from './change.js';

/**
 * Whether a change is worth a reconcile. Asked once for each, so it must look at nothing but the change. One that throws is
 * reported, and lets the change through: a reconcile too many does no harm.
 */
export type Predicate<T> = (change: Change<T>) => boolean;

/** All of them. */
export function and<T>(...predicates: readonly Predicate<T>[]): Predicate<T> {
  return (change) => predicates.every((predicate) => predicate(change));
}

/** At least one of them. */
export function or<T>(...predicates: readonly Predicate<T>[]): Predicate<T> {
  return (change) => predicates.some((predicate) => predicate(change));
}

export function not<T>(predicate: Predicate<T>): Predicate<T> {
  return (change) => !predicate(change);
}

/**
 * What adds or removes an object, and updates that changed its generation: its desired state, or that it is to be deleted. Leaves out
 * changes of status and metadata, and resyncs. Resources without generations, such as ConfigMaps, have all their updates let
 * through but resyncs, which controller-runtime's predicate of this name keeps back.
 */
export function generationChanged(change: Change<CachedObject>): boolean {
  if (change.type !== 'update') return true;
  const [before, after] = [change.oldObject.metadata?.generation, change.object.metadata?.generation];
  return before === undefined && after === undefined ? resourceVersionChanged(change) : before !== after;
}

/** All but resyncs. */
export function resourceVersionChanged(change: Change<CachedObject>): boolean {
  return (
    change.type !== 'update' || change.oldObject.metadata?.resourceVersion !== change.object.metadata?.resourceVersion
  );
}

/** What adds or removes an object, and updates that changed a label. */
export function labelChanged(change: Change<CachedObject>): boolean {
  return change.type !== 'update' || differ(change.oldObject.metadata?.labels, change.object.metadata?.labels);
}

/** What adds or removes an object, and updates that changed an annotation. */
export function annotationChanged(change: Change<CachedObject>): boolean {
  return (
    change.type !== 'update' || differ(change.oldObject.metadata?.annotations, change.object.metadata?.annotations)
  );
}

type Texts = Readonly<Record<string, string>>;

function differ(one: Texts = {}, other: Texts = {}): boolean {
  const names = Object.keys(one);
  return names.length !== Object.keys(other).length || names.some((name) => one[name] !== other[name]);
}
