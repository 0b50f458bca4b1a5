import { createHash } from 'node:crypto';
import { headersOf, type TransportResponse } from '@client-ts/rest';

/** An answer with status 200, as it is kept. */
export interface HttpEntry {
  /** Without those that are about one connection. */
  readonly headers: TransportResponse['headers'];
  readonly body: Uint8Array;
}

const ChecksumBytes = 32;

/** More headers than any server sends; kube-apiserver sends 1 kB. */
const MaxHeadBytes = 64 * 1024;

const HeaderName = /^[!#$%&'*+.^_`|~\w-]+$/;
// oxlint-disable-next-line no-control-regex -- what must not be in a line
const HeaderValue = /^[^\0-\x08\x0a-\x1f\x7f]*$/;
const HeadEnd = Buffer.from('\r\n\r\n');
const LineEnd = Buffer.from('\r\n');

/** What is about the connection or the form of the message, and what is a credential. */
const NotKept: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-authenticate',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export function endToEnd(headers: TransportResponse['headers']): TransportResponse['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NotKept.has(name)));
}

/** The SHA-256 checksum of an answer, and the answer as in HTTP/1.1; `undefined` when its headers cannot be written so. */
export function encodeHttpEntry({ headers, body }: HttpEntry): Uint8Array | undefined {
  const kept = { headers: endToEnd(headers) };
  const lines = Object.keys(kept.headers).flatMap((name) =>
    headersOf(kept, name).map((value) => [name, value] as const),
  );
  if (!lines.every(([name, value]) => HeaderName.test(name) && HeaderValue.test(value))) return undefined;
  const fields = [...lines, ['content-length', body.length]].map(([name, value]) => `${name}: ${value}\r\n`);
  const message = Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${fields.join('')}\r\n`), body]);
  return Buffer.concat([createHash('sha256').update(message).digest(), message]);
}

/** The opposite; `undefined` for what is damaged, or anything else than an answer with status 200. */
export function decodeHttpEntry(bytes: Uint8Array): HttpEntry | undefined {
  const checksum = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(ChecksumBytes, bytes.length));
  const message = Buffer.from(bytes.buffer, bytes.byteOffset + checksum.length, bytes.length - checksum.length);
  if (!createHash('sha256').update(message).digest().equals(checksum)) return undefined;
  const end = message.indexOf(HeadEnd);
  if (end < 0 || end > MaxHeadBytes) return undefined;
  const [status = '', ...lines] = message.toString('utf8', 0, end).split('\r\n');
  if (!/^HTTP\/\d\.\d 200(?: |$)/.test(status)) return undefined;
  const lists = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    if (!HeaderName.test(name)) return undefined;
    const list = lists.get(name) ?? [];
    lists.set(name, list);
    list.push(line.slice(colon + 1).trim());
  }
  const headers = Object.fromEntries([...lists].map(([name, list]) => [name, list.length === 1 ? list[0] : list]));
  const body = bodyOf(message.subarray(end + HeadEnd.length), headers);
  return body && { headers: endToEnd(headers), body };
}

/** As Go writes bodies: with their length, in chunks, or to the end. */
function bodyOf(bytes: Buffer, headers: TransportResponse['headers']): Uint8Array | undefined {
  if (String(headers['transfer-encoding'] ?? '').toLowerCase() === 'chunked') return joinChunks(bytes);
  const length = headers['content-length'];
  return length === undefined || Number(length) === bytes.length ? bytes : undefined;
}

function joinChunks(bytes: Buffer): Uint8Array | undefined {
  const chunks: Buffer[] = [];
  for (let position = 0; ;) {
    const end = bytes.indexOf(LineEnd, position);
    const [size = ''] = bytes.toString('latin1', position, Math.max(end, position)).split(';');
    if (!/^[\da-f]{1,8}$/i.test(size)) return undefined;
    const start = end + LineEnd.length;
    const length = Number.parseInt(size, 16);
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(start, start + length));
    position = start + length + LineEnd.length;
    if (position > bytes.length) return undefined;
  }
}
