/** Bytes that are no protobuf of the expected kind, or an object that cannot be written as such. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}
