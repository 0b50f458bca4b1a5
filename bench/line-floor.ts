const Newline = 10;

/** The least that reading a watch can take: cut the lines, parse them. */
export async function parseLines(
  body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  onValue: (value: unknown) => void,
): Promise<void> {
  let carried = Buffer.alloc(0);
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(Newline); end >= 0; end = bytes.indexOf(Newline, start)) {
      const line = bytes.subarray(start, end);
      onValue(JSON.parse((carried.length > 0 ? Buffer.concat([carried, line]) : line).toString('utf8')));
      carried = Buffer.alloc(0);
      start = end + 1;
    }
    carried = Buffer.concat([carried, bytes.subarray(start)]);
  }
}

/** The same as bytes arrive. */
export async function watchLines(body: AsyncIterable<Uint8Array>, onLine: (line: string) => void): Promise<void> {
  let carried: Uint8Array[] = [];
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(Newline); end >= 0; end = bytes.indexOf(Newline, start)) {
      const line = bytes.subarray(start, end);
      onLine((carried.length > 0 ? Buffer.concat([...carried, line]) : line).toString('utf8'));
      carried = [];
      start = end + 1;
    }
    if (start < bytes.length) carried.push(bytes.subarray(start));
  }
}
