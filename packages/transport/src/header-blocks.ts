import { HpackDecoder } from './hpack-decoder.js';
import { ErrorCode, Flag, Http2Error } from './http2-frames.js';
import { MaxHeaderBytes } from './max-header-bytes.js';

/** What each frame of headers counts beside its bytes, so that empty ones are not without end. */
const FrameOverhead = 64;

/** What a name is (RFC 9110 §5.6.2), in lower case; and what no value may have. */
const Name = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const Forbidden = /[\0\r\n]/;

/** The head of an answer, or what comes behind its body. */
export interface AnswerHead {
  readonly stream: number;
  /** Nothing comes behind it. */
  readonly isLast: boolean;
  readonly status: number | undefined;
  /** Without a prototype. */
  readonly headers: Record<string, string | string[]>;
  /** Why it is none. */
  readonly problem: string | undefined;
}

interface Block {
  readonly stream: number;
  readonly isLast: boolean;
  readonly parts: Buffer[];
  size: number;
}

/** Puts together the frames of headers, in the order of one connection. */
export class HeaderBlocks {
  readonly #hpack = new HpackDecoder();
  #block: Block | undefined;

  /** More has to come before anything else does. */
  get areUnfinished(): boolean {
    return this.#block !== undefined;
  }

  /** @throws Http2Error, HpackError: the connection is of no use any more. */
  begin(flags: number, stream: number, payload: Buffer): AnswerHead | undefined {
    const padding = flags & Flag.padded ? (payload[0] ?? 0) : 0;
    const start = (flags & Flag.padded ? 1 : 0) + (flags & Flag.priority ? 5 : 0);
    if (start + padding > payload.length) throw new Http2Error(ErrorCode.protocolError, 'more padding than headers');
    const part = payload.subarray(start, payload.length - padding);
    const isLast = (flags & Flag.endStream) !== 0;
    return this.#end(flags, { stream, isLast, parts: [part], size: part.length + FrameOverhead });
  }

  /** @throws as {@link begin}. */
  continue(flags: number, stream: number, payload: Buffer): AnswerHead | undefined {
    const block = this.#block;
    if (block?.stream !== stream) throw new Http2Error(ErrorCode.protocolError, 'headers go on that have not begun');
    block.parts.push(payload);
    block.size += payload.length + FrameOverhead;
    if (block.size > MaxHeaderBytes) throw new Http2Error(ErrorCode.enhanceYourCalm, 'headers without end');
    return this.#end(flags, block);
  }

  #end(flags: number, block: Block): AnswerHead | undefined {
    this.#block = flags & Flag.endHeaders ? undefined : block;
    return this.#block ? undefined : this.#decode(block);
  }

  #decode({ stream, isLast, parts }: Block): AnswerHead {
    const [first = Buffer.alloc(0)] = parts;
    const headers = Object.create(null) as AnswerHead['headers'];
    let status: number | undefined;
    let problem: string | undefined;
    let size = 0;
    this.#hpack.decode(parts.length === 1 ? first : Buffer.concat(parts), (name, value) => {
      size += name.length + value.length;
      if (size > MaxHeaderBytes) problem = `the headers are larger than ${MaxHeaderBytes / 1024} KiB`;
      else if (name === ':status' && status === undefined && /^[1-9]\d\d$/.test(value)) status = Number(value);
      else if (!Name.test(name) || Forbidden.test(value)) problem = 'a header that is none';
      else add(headers, name, value);
    });
    return { stream, isLast, status, headers, problem };
  }
}

function add(headers: AnswerHead['headers'], name: string, value: string): void {
  const known = headers[name];
  if (known === undefined) headers[name] = value;
  else if (typeof known === 'string') headers[name] = [known, value];
  else known.push(value);
}
