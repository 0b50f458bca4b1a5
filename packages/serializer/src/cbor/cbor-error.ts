/** Bytes that are not CBOR, or not what a server writes in it. */
export class CborError extends Error {
  override readonly name = 'CborError';

  /** @param what - was read, such as `GET pods`. The message does not quote the bytes: they may hold secrets. */
  constructor(what: string, problem: string) {
    super(`${what}: the answer cannot be read as CBOR: ${problem}`);
  }
}
