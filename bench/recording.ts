import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import type { Pod } from '@client-ts/api/core/v1';
import { InitialEventsAnnotation, type KubernetesObject } from '@client-ts/apimachinery';
import { Environment } from '@client-ts/envtest';
import { listParts, podListParts } from './pod-list.js';
import { eachPod } from './pods.js';
import { revisionOf, storePods } from './stored-pods.js';

/** What a server said of pods, in files: lists, watches from their initial events on, and changes of all pods. */
export interface Recording extends AsyncDisposable {
  readonly folder: string;
  readonly pods: number;
  /** Changes that are recorded. */
  readonly changes: number;
}

/** So many change at once: a watch that falls behind by more is closed. */
const BatchSize = 100;

/** How often each pod changes. */
export const ChangesEach = 2;

/** Who asks for the pods of this namespace is given few, and no changes. */
export const FewNamespace = 'team-0';
const Few = 100;

/** As the server would send made-up pods in JSON; needs no server. */
export async function madeUpRecording(count: number, changesEach: number = ChangesEach): Promise<Recording> {
  const folder = await newFolder();
  const write = (name: string, chunks: Iterable<string | Uint8Array>): Promise<void> =>
    pipeline(chunks, createWriteStream(path.join(folder, name)));
  await write('changes.json', changes(count, changesEach));
  for (const [prefix, pods] of [
    ['', count],
    ['few-', Few],
  ] as const) {
    await write(`${prefix}list.json`, podListParts(eachPod(0, pods)));
    await write(`${prefix}initial.json`, initialEvents(eachPod(0, pods), { kind: 'Pod', apiVersion: 'v1' }));
    await write(`${prefix}list.meta`, listParts(metadataList, eachMetadata(pods)));
    await write(`${prefix}initial.meta`, initialEvents(eachMetadata(pods), metadataType));
  }
  return recordingIn(folder, count, count * changesEach);
}

const metadataType = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' };
const metadataList = { ...metadataType, kind: 'PartialObjectMetadataList', metadata: { resourceVersion: '1' } };

function* eachMetadata(count: number): Generator<KubernetesObject> {
  for (const { metadata = {} } of eachPod(0, count)) yield { ...metadataType, metadata };
}

function* initialEvents(objects: Iterable<KubernetesObject>, type: object): Generator<string> {
  for (const object of objects) yield `${JSON.stringify({ type: 'ADDED', object })}\n`;
  const metadata = { resourceVersion: '1', annotations: { [InitialEventsAnnotation]: 'true' } };
  yield `${JSON.stringify({ type: 'BOOKMARK', object: { ...type, metadata } })}\n`;
}

function* changes(count: number, changesEach: number): Generator<string> {
  for (let round = 1; round <= changesEach; round++)
    for (const pod of eachPod(0, count)) yield `${JSON.stringify({ type: 'MODIFIED', object: changed(pod, round) })}\n`;
}

/** The same pod with another version, and something to tell it by. */
function changed(pod: Pod, round: number): Pod {
  const labels = { ...pod.metadata?.labels, round: String(round) };
  const resourceVersion = String(Number(pod.metadata?.resourceVersion) + round * 1_000_000);
  return { ...pod, metadata: { ...pod.metadata, labels, resourceVersion } };
}

/**
 * What a real kube-apiserver sends, in JSON and in protobuf. The pods are put where it finds them: in its etcd, which takes a
 * second instead of minutes.
 */
export async function realRecording(count: number): Promise<Recording> {
  await using environment = await Environment.start();
  await storePods(environment, eachPod(0, count));
  const folder = await newFolder();
  const watches: FrameFile[] = [];
  const stop = new AbortController();
  const ask = async (form: Form, query: string, scope = ''): Promise<AsyncIterable<Uint8Array>> => {
    const { host, transport } = environment.config;
    const url = new URL(`/api/v1/${scope}pods?${query}`, host);
    const longRunning = query.includes('watch');
    const headers = { accept: longRunning ? form.acceptWatch : form.accept };
    const answer = await transport?.request({ method: 'GET', url, headers, longRunning, signal: stop.signal });
    if (answer?.status !== 200) throw new Error(`pods as ${form.ending} were answered with ${answer?.status}`);
    return answer.body;
  };
  for (const form of forms) {
    const file = (name: string): string => path.join(folder, `${name}.${form.ending}`);
    await pipeline(await ask(form, ''), createWriteStream(file('list')));
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    await recordWhole(file('initial'), form, await ask(form, query), count + 1);
    const scope = `namespaces/${FewNamespace}/`;
    const few = [...eachPod(0, count)].filter(({ metadata }) => metadata?.namespace === FewNamespace).length;
    await pipeline(await ask(form, '', scope), createWriteStream(file('few-list')));
    await recordWhole(file('few-initial'), form, await ask(form, query, scope), few + 1);
    const changes = new FrameFile(file('changes'), form);
    // It goes on where the initial events ended: nothing has changed since.
    const since = await revisionOf(environment);
    changes.record(await ask(form, `watch=1&resourceVersion=${since}`), count * ChangesEach);
    watches.push(changes);
  }
  let written = 0;
  for (let round = 1; round <= ChangesEach; round++) {
    for (let start = 0; start < count; start += BatchSize) {
      const end = Math.min(count, start + BatchSize);
      const batch = [...eachPod(start, end)].map((pod) => changed(pod, round));
      await storePods(environment, batch);
      written += batch.length;
      for (const watch of watches) await watch.until(written);
    }
  }
  stop.abort(new Error('all is recorded'));
  return recordingIn(folder, count, count * ChangesEach);
}

interface Form {
  readonly ending: 'json' | 'pb';
  readonly accept: string;
  readonly acceptWatch: string;
  /** Where the frame that begins at an offset ends, or -1 when not all of it is there. */
  readonly endOf: (bytes: Buffer, start: number) => number;
}

const forms: readonly Form[] = [
  {
    ending: 'json',
    accept: 'application/json',
    acceptWatch: 'application/json',
    endOf: (bytes, start) => bytes.indexOf(0x0a, start) + 1 || -1,
  },
  {
    ending: 'pb',
    accept: 'application/vnd.kubernetes.protobuf',
    acceptWatch: 'application/vnd.kubernetes.protobuf;stream=watch',
    endOf: (bytes, start) => {
      if (bytes.length < start + 4) return -1;
      const end = start + 4 + bytes.readUInt32BE(start);
      return end <= bytes.length ? end : -1;
    },
  },
];

async function recordWhole(name: string, form: Form, body: AsyncIterable<Uint8Array>, frames: number): Promise<void> {
  const file = new FrameFile(name, form);
  file.record(body, frames);
  await file.until(frames);
}

/** Frames of a watch on their way into a file. */
class FrameFile {
  readonly #file: WriteStream;
  readonly #form: Form;
  #frames = 0;
  #failure: unknown;
  #wake: () => void = () => undefined;

  constructor(name: string, form: Form) {
    this.#file = createWriteStream(name);
    this.#form = form;
  }

  /** Takes so many frames into the file, and leaves. */
  record(body: AsyncIterable<Uint8Array>, frames: number): void {
    this.#read(body, frames).catch((error: unknown) => {
      this.#failure = error;
      this.#wake();
    });
  }

  /** Resolves when so many frames are in the file. */
  async until(frames: number): Promise<void> {
    while (this.#frames < frames) {
      if (this.#failure !== undefined)
        throw new Error(`the watch ended after ${this.#frames} frames`, { cause: this.#failure });
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async #read(body: AsyncIterable<Uint8Array>, frames: number): Promise<void> {
    let carried = Buffer.alloc(0);
    for await (const chunk of body) {
      carried = Buffer.concat([carried, chunk]);
      let start = 0;
      for (
        let end = this.#form.endOf(carried, 0);
        end > 0 && this.#frames < frames;
        end = this.#form.endOf(carried, start)
      ) {
        this.#frames++;
        start = end;
      }
      this.#file.write(carried.subarray(0, start));
      carried = carried.subarray(start);
      if (this.#frames === frames) {
        await finished(this.#file.end());
        this.#wake();
        return;
      }
      this.#wake();
    }
    throw new Error('the server closed it');
  }
}

function newFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'client-ts-bench-recording-'));
}

function recordingIn(folder: string, pods: number, changes: number): Recording {
  return {
    folder,
    pods,
    changes,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
