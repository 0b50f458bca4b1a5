import type { ChannelSession } from './channel-session.js';
import { isRemoteCommandError } from './remote-command-error.js';
import type { StdinChunk } from './stdin-stream.js';

/** All that stdin is to be: one text, one piece of bytes, or what gives them one after the other. */
export type StdinSource = StdinChunk | AsyncIterable<StdinChunk> | ReadableStream<StdinChunk>;

/**
 * What can be read of a source. Its first chunk is asked for at once: of a process that has ended, Node.js throws away what nobody
 * has begun to read.
 */
export function readableOf(source: StdinSource): ReadableStream<StdinChunk> {
  if (source instanceof ReadableStream) return source;
  const iterator =
    typeof source === 'object' && Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : once(source);
  return new ReadableStream<StdinChunk>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      // The iterator of a stream of Node.js would wait for its next chunk.
      (source as Partial<NodeStream>).destroy?.();
      await iterator.return?.();
    },
  });
}

/**
 * Writes all there is to stdin, and ends it. A source that fails, and a server that cannot end stdin, end the session; when the
 * process ends first, the source is let go of.
 */
export function feedStdin(source: ReadableStream<StdinChunk>, session: ChannelSession): void {
  source.pipeTo(session.stdin.writable).catch((reason: unknown) => {
    if (isRemoteCommandError(reason) && reason.failure === 'ended') return;
    session.lose(reason);
  });
}

interface NodeStream {
  destroy(): unknown;
}

async function* once(chunk: StdinChunk): AsyncGenerator<StdinChunk, void, void> {
  yield chunk;
}
