import type { Clock } from '@client-ts/apimachinery';

/** A time as Kubernetes writes it: RFC 3339, UTC, whole seconds. */
export function formatTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

export function timeNow(clock: Clock): string {
  return formatTime(clock.now());
}
