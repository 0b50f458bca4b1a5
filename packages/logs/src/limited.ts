import type { Piece } from './line-cutter.js';

/** Cuts a log off as a kubelet does with `limitBytes`, which knows nothing of interruptions: anywhere, even in a character. */
export async function* limited(
  log: AsyncIterable<readonly Piece[]>,
  limitBytes: number,
): AsyncGenerator<readonly Piece[], void, void> {
  let left = limitBytes;
  for await (const pieces of log) {
    const given: Piece[] = [];
    for (const piece of pieces) {
      const length = piece.bytes.length + (piece.ends ? 1 : 0);
      given.push(length <= left ? piece : { ...piece, bytes: piece.bytes.subarray(0, left), ends: false });
      left -= Math.min(length, left);
      if (left === 0) break;
    }
    yield given;
    if (left === 0) return;
  }
}
