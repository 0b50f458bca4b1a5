import type { KubernetesObject } from '@client-ts/apimachinery';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { ApiServer, type ApiServerOptions } from './api-server.js';
import type { ApiResponse } from './api-request.js';

export interface Answer {
  readonly status: number;
  readonly headers: ApiResponse['headers'];
  readonly text: string;
  /** Parsed JSON; fails the test when it is none. */
  readonly body: Body;
}

/** Anything that tests look into. */
export type Body = KubernetesObject & {
  readonly [field: string]: unknown;
  readonly items: Body[];
  readonly message: string;
  readonly code: number;
  readonly reason: string;
  readonly spec: Record<string, unknown>;
  readonly status: Record<string, unknown>;
};

export interface Sent {
  readonly body?: unknown;
  readonly type?: string;
  readonly accept?: string;
  readonly userAgent?: string;
}

/** Sends a request as its bytes, and reads the answer to its end. */
export type Send = (method: string, path: string, sent?: Sent) => Promise<Answer>;

export const MergePatch = 'application/merge-patch+json';
export const ApplyPatch = 'application/apply-patch+yaml';

/** A server on virtual time, and a way to ask it. */
export function testServer(options: ApiServerOptions = {}): { server: ApiServer; clock: FakeClock; send: Send } {
  const clock = new FakeClock();
  const server = new ApiServer({ clock, ...options });
  const send: Send = async (method, path, { body, type, accept, userAgent } = {}) => {
    const response = await server.handle({
      method,
      url: new URL(path, 'http://in-memory.invalid'),
      headers: {
        ...(accept === undefined ? {} : { accept }),
        ...(userAgent === undefined ? {} : { 'user-agent': userAgent }),
        'content-type': type ?? 'application/json',
      },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await readAll(response.body);
    const { status, headers } = response;
    return {
      status,
      headers,
      text,
      get body() {
        return JSON.parse(text) as Body;
      },
    };
  };
  return { server, clock, send };
}

export async function readAll(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) text += decoder.decode(chunk, { stream: true });
  return text;
}

export interface OpenWatch {
  /** Events so far, as `TYPE name`; `TYPE` alone without a name. */
  readonly events: string[];
  readonly objects: Body[];
  /** Resolves when the watch has ended. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Starts a watch, and collects what comes. */
export async function openWatch(server: ApiServer, path: string): Promise<OpenWatch> {
  const controller = new AbortController();
  const response = await server.transport.request({
    method: 'GET',
    url: new URL(path, 'http://in-memory.invalid'),
    headers: {},
    signal: controller.signal,
  });
  const events: string[] = [];
  const objects: Body[] = [];
  const collect = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      for (const line of decoder.decode(chunk).trim().split('\n')) {
        const { type, object } = JSON.parse(line) as { type: string; object: Body };
        events.push(object.metadata?.name === undefined ? type : `${type} ${object.metadata.name}`);
        objects.push(object);
      }
    }
  };
  const ended = collect().catch((error: unknown) => {
    if (!controller.signal.aborted) throw error;
  });
  return { events, objects, ended, close: () => controller.abort() };
}
