const Space = 0x20;
const Quote = 0x22;
const Comma = 0x2c;
const OpenList = 0x5b;
const Backslash = 0x5c;
const CloseList = 0x5d;
const OpenObject = 0x7b;
const CloseObject = 0x7d;

/** The way to managed fields, as servers write it: in Go's encoding there is no white space. */
const Path: readonly Uint8Array[] = /* @__PURE__ */ ['"metadata":{', '"managedFields":['].map((key) =>
  Uint8Array.from(key, (character) => character.charCodeAt(0)),
);

/**
 * Walks over the bytes of JSON, and tells where its values begin and end. It can stop anywhere, and go on when there are
 * more bytes. Nothing is checked: what is no JSON is found out when the pieces are parsed.
 */
export class JsonScanner {
  /** Behind what has been seen; one further when that ends with a backslash. */
  at = 0;
  /** Objects and lists that are open. */
  depth = 0;
  #inString = false;

  /** How much of the path has been found, and the depth of what is in there; -1 when nothing is looked for. */
  #found = 0;
  #level = -1;
  /** What is left out: nothing unless the end is behind the start. */
  #cutStart = 0;
  #cutEnd = 0;

  /**
   * Goes on to behind the next bracket that leaves `depth` objects and lists open; without a depth, to behind the next one
   * at all. `false` when there is none: then go on with more bytes behind these.
   */
  advance(bytes: Uint8Array, depth = -1): boolean {
    while (this.#scan(bytes, depth)) {
      const end = this.at;
      if (opens(bytes[end - 1]!)) {
        if (this.depth === this.#level + 1) this.#enter(bytes, end);
      } else if (this.depth < this.#level) this.#leave(bytes, end);
      if (depth < 0 || this.depth === depth) return true;
    }
    return false;
  }

  /**
   * Looks for `metadata.managedFields` in the object that begins: its members have `depth` objects and lists around them.
   *
   * Whatever the bytes are, nothing is left out but that member of that object: keys count only outside of strings, behind
   * `{` or `,`, and at their depth. Members that are written in another way have to be deleted after parsing.
   */
  seek(depth: number): void {
    this.#found = 0;
    this.#level = depth;
    this.#cutStart = this.#cutEnd = 0;
  }

  /** {@link seek} in an object of which these are all the bytes: it begins anew, and goes on until the end of the search. */
  seekIn(bytes: Uint8Array, depth: number): void {
    this.at = this.depth = 0;
    this.#inString = false;
    this.seek(depth);
    while (this.#level >= 0 && this.advance(bytes, depth)) continue;
  }

  /** What is before and behind what was found; the latter is empty when nothing was. */
  split(bytes: Uint8Array, start: number, end: number): readonly [head: Uint8Array, tail: Uint8Array] {
    const [from, to] = this.#cutEnd > this.#cutStart ? [this.#cutStart, this.#cutEnd] : [end, end];
    return [bytes.subarray(start, from), bytes.subarray(to, end)];
  }

  /** From now on the bytes are those without the first `count`. */
  shift(count: number): void {
    this.at -= count;
    this.#cutStart -= count;
    this.#cutEnd -= count;
  }

  /**
   * Stops behind a bracket that matters, or returns `false` at the end of the bytes.
   *
   * This loop sees every byte of a list, and takes a fifth of the time of parsing them. It calls nothing, has in variables
   * what it needs, and never reads behind the end: each would cost it a third.
   */
  #scan(bytes: Uint8Array, depth: number): boolean {
    const { length } = bytes;
    const level = this.#level;
    let { at, depth: open } = this;
    // A string that has not ended goes on as if it began here.
    let byte = this.#inString ? Quote : Space;
    let inString = false;
    let stopped = false;
    for (;;) {
      if (byte === Quote) {
        for (;;) {
          if (at >= length) {
            inString = true;
            break;
          }
          const inside = bytes[at++]!;
          if (inside === Quote) break;
          if (inside === Backslash) at++;
        }
      } else if (opens(byte)) {
        open++;
        stopped = open === level + 1 || open === depth || depth < 0;
      } else if (closes(byte)) {
        open--;
        stopped = open < level || open === depth || depth < 0;
      }
      if (stopped || at >= length) break;
      byte = bytes[at++]!;
    }
    this.at = at;
    this.depth = open;
    this.#inString = inString;
    return stopped;
  }

  #enter(bytes: Uint8Array, end: number): void {
    const key = Path[this.#found];
    const start = end - (key?.length ?? 0);
    if (!key || start < 1 || (bytes[start - 1] !== Comma && bytes[start - 1] !== OpenObject)) return;
    for (let index = 0; index < key.length; index++) if (bytes[start + index] !== key[index]) return;
    this.#found++;
    this.#level++;
    this.#cutStart = start;
    if (this.#found === Path.length) this.#skipList(bytes, end);
  }

  /**
   * Managed fields are much of what a list is made of, and to jump over them saves a quarter of the walk. The first `]` behind them
   * is their end, and in no string, if `},"` and the begin of a word follow: in a string, that quote would be its end, and no JSON
   * goes on with a word. Nor is it that of another list, with no `[` before it. Otherwise it is walked.
   */
  #skipList(bytes: Uint8Array, start: number): void {
    const close = bytes.indexOf(CloseList, start);
    if (close < 0 || bytes[close + 1] !== CloseObject || bytes[close + 2] !== Comma || bytes[close + 3] !== Quote)
      return;
    const next = bytes.indexOf(OpenList, start);
    if ((next >= 0 && next < close) || !isLetter(bytes[close + 4])) return;
    this.at = close + 1;
    this.depth--;
    this.#leave(bytes, close + 1);
  }

  #leave(bytes: Uint8Array, end: number): void {
    if (this.#found === Path.length) this.#cut(bytes, end);
    this.#level = -1;
  }

  /**
   * A comma goes with the member: the one before it, or the one behind a first member. Where that might make JSON of what
   * is none, or the other way round, nothing is cut.
   */
  #cut(bytes: Uint8Array, end: number): void {
    const start = this.#cutStart;
    if (bytes[start - 1] === Comma) {
      const before = bytes[start - 2]!;
      if (before === OpenObject || before <= Space) return;
      this.#cutStart--;
      this.#cutEnd = end;
    } else if (bytes[end] === CloseObject) this.#cutEnd = end;
    else if (bytes[end] === Comma && bytes[end + 1] === Quote) this.#cutEnd = end + 1;
  }
}

/** An object or a list: `[` and `{` differ by one bit, as `]` and `}` do. */
function opens(byte: number): boolean {
  return (byte | 0x20) === OpenObject;
}

function closes(byte: number): boolean {
  return (byte | 0x20) === CloseObject;
}

function isLetter(byte = 0): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}
