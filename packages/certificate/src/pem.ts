/** One block of PEM text (RFC 7468). */
export interface PemBlock {
  /** Such as `CERTIFICATE`. */
  readonly type: string;
  /** Whether there are headers, as on keys that are encrypted. */
  readonly hasHeaders: boolean;
  readonly der: Buffer;
}

const Begin = '-----BEGIN ';
const End = '-----END ';
const Dashes = '-----';

/**
 * The blocks of a text, in order. What stands between them is left out, and so is what is half written or no base64, as in Go.
 * Takes time in proportion to the text, whatever is in it.
 */
export function pemBlocks(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  let open: { readonly type: string; readonly lines: string[] } | undefined;
  for (const line of text.split('\n').map((each) => each.trimEnd())) {
    if (line.startsWith(Begin) && line.endsWith(Dashes)) {
      open = { type: line.slice(Begin.length, -Dashes.length), lines: [] };
    } else if (line.startsWith(End)) {
      const block = open && line === `${End}${open.type}${Dashes}` ? blockOf(open.type, open.lines) : undefined;
      if (block) blocks.push(block);
      open = undefined;
    } else {
      open?.lines.push(line.trimStart());
    }
  }
  return blocks;
}

function blockOf(type: string, lines: readonly string[]): PemBlock | undefined {
  const hasHeaders = lines[0]?.includes(':') ?? false;
  const body = hasHeaders ? lines.slice(lines.indexOf('') + 1) : lines;
  const base64 = body.join('');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) return undefined;
  return { type, hasHeaders, der: Buffer.from(base64, 'base64') };
}

/** PEM text of one block, in lines of 64 characters. */
export function formatPem(type: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`${Begin}${type}${Dashes}`, ...lines, `${End}${type}${Dashes}`, ''].join('\n');
}
