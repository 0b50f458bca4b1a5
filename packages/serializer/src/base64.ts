interface NativeBytes {
  base64Slice(this: Uint8Array, start: number, end: number): string;
}

/** As many bytes as may be the arguments of one call. */
const PieceBytes = 0x6000;

/** Bytes as they are in JSON. */
export function encodeBase64(bytes: Uint8Array): string {
  const native = (globalThis as { Buffer?: { prototype: NativeBytes } }).Buffer?.prototype;
  if (native) return native.base64Slice.call(bytes, 0, bytes.length);
  let text = '';
  for (let at = 0; at < bytes.length; at += PieceBytes) {
    text += String.fromCharCode(...bytes.subarray(at, at + PieceBytes));
  }
  return btoa(text);
}

/** Undefined for what is no base64. */
export function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (unit) => unit.charCodeAt(0));
  } catch {
    return undefined;
  }
}
