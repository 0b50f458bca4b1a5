/**
 * The protobuf messages of one group version as data: which field has which number, and how it appears in JSON. Made from the
 * published definitions by the code generator; `@client-ts/serializer/protobuf` reads and writes by it.
 */
export interface ProtobufTable {
  /** `''` is the core group. */
  readonly group: string;
  readonly version: string;
  /** Kinds that requests and answers consist of; each is a message of that name. Lists of them are known without being named. */
  readonly kinds: readonly string[];
  /** Other tables whose messages are used here, by the name that stands before the dot: `core.PodTemplateSpec`. */
  readonly uses?: Readonly<Record<string, ProtobufTable>>;
  /**
   * The fields of each message, separated by commas: number, name in JSON, type, and what to do without a value.
   *
   * - Type: `string`, `int32`, `int64`, `bool`, `double`, `bytes` (base64 in JSON), `quantity`, `time`, `microTime`,
   *   `intOrString`, `json` (bytes that are JSON), or the name of a message.
   * - `*` behind the type: a list. `%`: a map with strings as keys.
   * - `...` in place of the name: the fields of that message are among those of this one.
   * - At the end, what JSON shows when there is no value. `?`: nothing, but an empty value is shown. `!`: the empty value, which is
   *   always among the bytes, unless the server does not have the field. `~`: null. Without any: nothing, and an empty value is
   *   not shown.
   *
   * A message that begins with `=` has one field, which is its whole value in JSON. One that begins with `|` is, in JSON, the
   * value of its last field that is set.
   */
  readonly messages: Readonly<Record<string, string>>;
}
