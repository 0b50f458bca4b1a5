/** The subprotocol of the WebSocket between page and bridge. */
export const Subprotocol = 'terminal';

/** The token is a subprotocol, too: a page can set no headers, and what is in a URL ends up in logs. */
export const TokenPrefix = 'token.';

/**
 * So many bytes may be on the way in one direction: sent, and not yet taken by who they are for. Neither side can rely on the
 * network for that: a page is given all messages as they come, and a bridge that stopped reading would not hear what was taken.
 */
export const WindowBytes = 256 * 1024;

/** No message of bytes is longer. */
export const MaxMessageBytes = 32 * 1024;

/** Messages of text, as JSON; messages of bytes are what is typed, and what the terminal shows. */
export type ToBridge =
  | { readonly type: 'resize'; readonly width: number; readonly height: number }
  | { readonly type: 'taken'; readonly bytes: number };

export type ToPage =
  | { readonly type: 'taken'; readonly bytes: number }
  | { readonly type: 'exit'; readonly code: number }
  | { readonly type: 'failed'; readonly message: string };

/** `undefined` for what no page of ours says. */
export function parseToBridge(text: string): ToBridge | undefined {
  let value: Partial<Record<string, unknown>> | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return undefined;
  }
  const isCount = (name: string): boolean => Number.isSafeInteger(value?.[name]) && (value?.[name] as number) > 0;
  if (value?.['type'] === 'resize' && isCount('width') && isCount('height')) return value as unknown as ToBridge;
  if (value?.['type'] === 'taken' && isCount('bytes')) return value as unknown as ToBridge;
  return undefined;
}
