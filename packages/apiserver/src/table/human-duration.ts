const Minute = 60;
const Hour = 60 * Minute;
const Day = 24 * Hour;
const Year = 365 * Day;

/** Up to a length, a duration is written in one unit, or in two where `rest` is given. Lengths in seconds. */
const Scales: readonly { readonly below: number; readonly unit: Unit; readonly rest?: Unit }[] = [
  { below: 2 * Minute, unit: ['s', 1] },
  { below: 10 * Minute, unit: ['m', Minute], rest: ['s', 1] },
  { below: 3 * Hour, unit: ['m', Minute] },
  { below: 8 * Hour, unit: ['h', Hour], rest: ['m', Minute] },
  { below: 2 * Day, unit: ['h', Hour] },
  { below: 8 * Day, unit: ['d', Day], rest: ['h', Hour] },
  { below: 2 * Year, unit: ['d', Day] },
  { below: 8 * Year, unit: ['y', Year], rest: ['d', Day] },
  { below: Infinity, unit: ['y', Year] },
];

type Unit = readonly [name: string, seconds: number];

/** A duration as `kubectl get` shows ages: `7m20s`, `3h`, `5d4h`. Clocks that differ by a second count as agreeing. */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  const { unit, rest } = Scales.find(({ below }) => seconds < below)!;
  const [name, size] = unit;
  const left = rest ? Math.floor((seconds % size) / rest[1]) : 0;
  return `${Math.floor(seconds / size)}${name}${left > 0 ? `${left}${rest![0]}` : ''}`;
}

/** How long ago an RFC 3339 time was. */
export function timeSince(time: string | undefined, now: number): string {
  const ms = Date.parse(time ?? '');
  return Number.isNaN(ms) ? '<unknown>' : humanDuration(now - ms);
}
