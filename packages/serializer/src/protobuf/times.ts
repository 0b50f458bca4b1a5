/** 0001-01-01T00:00:00Z, which is what Go takes for no time at all. */
export const ZeroSeconds = -62_135_596_800;
const LastSecond = 253_402_300_799;

const Rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.(\d{1,9}))?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** `2026-01-02T03:04:05Z`; undefined when it has no four-digit year. */
export function formatTime(seconds: number): string | undefined {
  if (!(seconds >= ZeroSeconds && seconds <= LastSecond)) return undefined;
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** `2026-01-02T03:04:05.000006Z` */
export function formatMicroTime(seconds: number, nanoseconds: number): string | undefined {
  const micros = Math.floor(nanoseconds / 1000);
  return formatTime(seconds)?.replace('Z', `.${String(micros).padStart(6, '0')}Z`);
}

/** Undefined for what is no RFC 3339 time. */
export function parseTime(text: string): { readonly seconds: number; readonly nanoseconds: number } | undefined {
  const [whole, fraction = ''] = Rfc3339.exec(text) ?? [];
  const milliseconds = whole === undefined ? NaN : Date.parse(whole.replace(/\.\d+/, ''));
  if (Number.isNaN(milliseconds)) return undefined;
  return { seconds: milliseconds / 1000, nanoseconds: Number(fraction.padEnd(9, '0')) };
}
