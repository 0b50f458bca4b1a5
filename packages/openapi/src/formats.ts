/** All patterns here take linear time. */
const Quantity = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;
const DateTime = /^\d{4}-\d{2}-\d{2}t\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:z|[+-]\d{2}:\d{2})$/i;
const Base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** How a value of some type has to be written. What is of another type is none of its business. */
export interface Format {
  readonly expected: string;
  readonly has: (value: unknown) => boolean;
}

/** Formats that servers check, by what they are called in schemas. */
export const formats: Readonly<Record<string, Format>> = {
  int32: { expected: 'an integer of 32 bits', has: within(-(2 ** 31), 2 ** 31 - 1) },
  int64: { expected: 'an integer of 64 bits', has: within(-(2n ** 63n), 2n ** 63n - 1n) },
  byte: { expected: 'base64', has: text((value) => isBase64(value.replaceAll(/[\r\n]/g, ''))) },
  'date-time': {
    expected: 'a time such as 2026-01-31T12:00:00Z',
    has: text((value) => DateTime.test(value) && !Number.isNaN(Date.parse(value))),
  },
};

export const quantity: Format = {
  expected: 'a quantity such as 500m or 2Gi',
  has: text((value) => Quantity.test(value)),
};

function isBase64(value: string): boolean {
  return value.length % 4 === 0 && Base64.test(value);
}

function within(min: number | bigint, max: number | bigint): (value: unknown) => boolean {
  return (value) => (typeof value !== 'number' && typeof value !== 'bigint') || (value >= min && value <= max);
}

function text(test: (value: string) => boolean): (value: unknown) => boolean {
  return (value) => typeof value !== 'string' || test(value);
}
