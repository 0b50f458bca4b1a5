import { Closable } from '@client-ts/apimachinery';
import type { Config } from '@client-ts/rest';
import type { Piece } from './line-cutter.js';
import { textOfTime } from './log-time.js';
import { expectSound } from './pod-log-options.js';
import { openLog, type PodLogsOptions } from './pod-logs.js';

export interface PodLogBytesOptions extends PodLogsOptions {
  /** Begin each line with the RFC 3339 time at which it was written. Default: false. */
  readonly timestamps?: boolean | undefined;
}

const Newline = 10;
const Space = 32;

/**
 * The log of one container as `podLogs` reads it, but as the bytes that `kubectl logs` prints: nothing is decoded. Lines come when they
 * are complete. A run of the container that ended without a newline gets one when another run follows it.
 *
 * The first request is sent when the stream is first read: that is where a refusal shows. Cancelling the stream closes the
 * connection.
 */
export function podLogBytes(config: Config, options: PodLogBytesOptions): ReadableStream<Uint8Array> {
  expectSound(options);
  const { timestamps = false, limitBytes = Infinity } = options;
  async function* read(signal: AbortSignal): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
    const { log } = await openLog(config, options, signal);
    let isInLine = false;
    let left = limitBytes;
    for await (const pieces of log) {
      const bytes = joined(pieces, timestamps, isInLine).subarray(0, left);
      if (bytes.length > 0) yield bytes;
      left -= bytes.length;
      if (left === 0) return;
      isInLine = pieces.at(-1)?.ends === false;
    }
  }
  const chunks = new Closable('a log', read, options.signal);
  return new ReadableStream(
    {
      async pull(stream) {
        const { done, value } = await chunks.next();
        if (done) stream.close();
        else stream.enqueue(value);
      },
      async cancel() {
        await chunks.return();
      },
    },
    { highWaterMark: 0 },
  );
}

function joined(pieces: readonly Piece[], timestamps: boolean, isInLine: boolean): Uint8Array<ArrayBuffer> {
  const size = ({ time, bytes }: Piece): number => bytes.length + 2 + (time?.length ?? 0) + 1;
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + size(piece), 0));
  let length = 0;
  for (const { time, bytes, starts, ends } of pieces) {
    if (starts && isInLine) all[length++] = Newline;
    if (starts && time && timestamps) {
      const text = textOfTime(time);
      for (let index = 0; index < text.length; index++) all[length++] = text.charCodeAt(index);
      all[length++] = Space;
    }
    all.set(bytes, length);
    length += bytes.length;
    if (ends) all[length++] = Newline;
    isInLine = !ends;
  }
  return all.subarray(0, length);
}
