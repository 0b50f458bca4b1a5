export { attach, type Attachment } from './attach.js';
export { type ChannelProtocol, ChannelProtocols, type TerminalSize } from './channel-state.js';
export { exec, type ExecOptions, type RemoteProcess } from './exec.js';
export type { StdinSource } from './feed-stdin.js';
export { isRemoteCommandError, RemoteCommandError, type RemoteCommandFailure } from './remote-command-error.js';
export type { RemoteStreams, StreamOptions } from './remote-streams.js';
export type { StdinChunk } from './stdin-stream.js';
