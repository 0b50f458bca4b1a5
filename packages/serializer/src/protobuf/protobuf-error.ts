/** Bytes that are no protobuf of the expected kind, or an object that cannot be written as such. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}

/** Text of a server for a message: quoted, without control characters, and no longer than names are. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > MaxQuoted ? `${text.slice(0, MaxQuoted)}…` : text);
}

/** As long as a name may be in most places. */
const MaxQuoted = 63;
