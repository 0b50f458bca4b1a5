/** A `TextDecoderStream` that takes any bytes: that of the DOM's types takes none that might be shared between threads. */
export function textDecoder(): ReadableWritablePair<string, Uint8Array> {
  return new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>;
}
