import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import { MaxMessageBytes, Subprotocol, type ToBridge, TokenPrefix, type ToPage, WindowBytes } from '../protocol.js';
import { pieces, SendWindow } from '../send-window.js';

const element = document.querySelector<HTMLElement>('#terminal')!;
const status = document.querySelector('#status')!;

const terminal = new Terminal();
const fit = new FitAddon();
terminal.loadAddon(fit);
terminal.open(element);
fit.fit();
terminal.focus();

const token = location.hash.slice(1);
const socket = new WebSocket(`ws://${location.host}/exec`, [Subprotocol, TokenPrefix + token]);
socket.binaryType = 'arraybuffer';

const tell = (message: ToBridge): void => {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
};

const tellSize = (): void => {
  const { cols: width, rows: height } = terminal;
  element.dataset['size'] = `${height} ${width}`;
  tell({ type: 'resize', width, height });
};
terminal.onResize(tellSize);
new ResizeObserver(() => fit.fit()).observe(element);

/** What is pasted waits here for its turn, and its turn for the process. */
const input = new SendWindow(WindowBytes);
let sent = Promise.resolve();
const type = (bytes: Uint8Array<ArrayBuffer>): void => {
  sent = sendAfter(sent, bytes);
};
async function sendAfter(before: Promise<void>, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  await before;
  for (const piece of pieces(bytes, MaxMessageBytes)) {
    await input.take(piece.length);
    if (socket.readyState === WebSocket.OPEN) socket.send(piece);
  }
}
terminal.onData((text) => type(new TextEncoder().encode(text)));
// Reports of mice, which need not be UTF-8.
terminal.onBinary((text) => type(Uint8Array.from(text, (character) => character.charCodeAt(0))));

let end: string | undefined;
const said = (message: ToPage): void => {
  if (message.type === 'taken') input.give(message.bytes);
  else if (message.type === 'exit') end = `exited with code ${message.code}`;
  else end = `failed: ${message.message}`;
};

socket.addEventListener('open', () => {
  status.textContent = 'connected';
  tellSize();
});
socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
  if (typeof data === 'string') said(JSON.parse(data) as ToPage);
  // Not taken before it is on the screen: that holds back who writes more than can be shown.
  else terminal.write(new Uint8Array(data), () => tell({ type: 'taken', bytes: data.byteLength }));
});
socket.addEventListener('close', ({ reason }) => {
  terminal.options.disableStdin = true;
  status.textContent = end ?? `the connection was lost${reason && `: ${reason}`}`;
});
