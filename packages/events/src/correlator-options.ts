import type { Event } from '@client-ts/api/core/v1';

/** When events of core/v1 are counted, combined and held back. The defaults are those of client-go. */
export interface CorrelatorOptions {
  /**
   * How many entries each of three memories has: of similar events, of equal ones, and of allowances; what was used longest ago is
   * forgotten. Default: 4096.
   */
  readonly cacheSize?: number | undefined;
  /** Similar events become one from this many different messages on. Default: 10. */
  readonly maxEvents?: number | undefined;
  /** Events are no longer similar to those before them after this time without any, in milliseconds. Default: 10 minutes. */
  readonly maxIntervalMs?: number | undefined;
  /** Which events are similar: those of one group. Default: those that differ in nothing but the message. */
  readonly groupKey?: ((event: Event) => string) | undefined;
  /** What tells events of one group apart. Default: the message. */
  readonly localKey?: ((event: Event) => string) | undefined;
  /** The message of the combined event. Default: that of the newest one, after `(combined from similar events): `. */
  readonly combinedMessage?: ((event: Event) => string) | undefined;
  /** How many events one source may record about one object at once. Default: 25. */
  readonly spamBurst?: number | undefined;
  /** How many more a second, in the long run. Default: 1/300, one in five minutes. */
  readonly spamQps?: number | undefined;
  /** What has an allowance of its own. Default: each type of event of each source about each object. */
  readonly spamKey?: ((event: Event) => string) | undefined;
}

export type CompleteCorrelatorOptions = {
  readonly [Name in keyof CorrelatorOptions]-?: NonNullable<CorrelatorOptions[Name]>;
};

/** Options of whole numbers, and the least that each may be. */
const Least = { cacheSize: 1, maxEvents: 1, maxIntervalMs: 0, spamBurst: 1 } as const;

/** @throws RangeError that names the option which makes no sense. */
export function completeCorrelatorOptions(options: CorrelatorOptions): CompleteCorrelatorOptions {
  const complete: CompleteCorrelatorOptions = {
    cacheSize: options.cacheSize ?? 4096,
    maxEvents: options.maxEvents ?? 10,
    maxIntervalMs: options.maxIntervalMs ?? 600_000,
    groupKey: options.groupKey ?? groupKeyOf,
    localKey: options.localKey ?? ((event) => event.message ?? ''),
    combinedMessage: options.combinedMessage ?? ((event) => `(combined from similar events): ${event.message ?? ''}`),
    spamBurst: options.spamBurst ?? 25,
    spamQps: options.spamQps ?? 1 / 300,
    spamKey: options.spamKey ?? spamKeyOf,
  };
  for (const [name, least] of Object.entries(Least) as [keyof typeof Least, number][]) {
    const value = complete[name];
    if (!Number.isInteger(value) || value < least)
      throw new RangeError(`${name}: expected a whole number from ${least} on, got ${value}`);
  }
  if (!(complete.spamQps > 0)) throw new RangeError(`spamQps: expected more than 0, got ${complete.spamQps}`);
  return complete;
}

/** Equal events have equal keys. */
export function eventKeyOf(event: Event): string {
  return keyOf(...subjectOf(event), event.involvedObject.fieldPath, event.type, event.reason, event.message);
}

function groupKeyOf(event: Event): string {
  return keyOf(...subjectOf(event), event.type, event.reason, event.reportingComponent, event.reportingInstance);
}

function spamKeyOf(event: Event): string {
  return keyOf(...subjectOf(event), event.type);
}

function subjectOf({ source, involvedObject }: Event): readonly (string | undefined)[] {
  const { kind, namespace, name, uid, apiVersion } = involvedObject;
  return [source?.component, source?.host, kind, namespace, name, uid, apiVersion];
}

/** Unlike texts one after the other, which client-go takes, no two lists of parts make the same key. */
function keyOf(...parts: readonly (string | undefined)[]): string {
  return JSON.stringify(parts);
}
