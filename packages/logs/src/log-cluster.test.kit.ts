import { type Pod, pods } from '@client-ts/api/core/v1';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import { type ResourceClient, RestClient, type TransportResponse } from '@client-ts/rest';
import { refusal } from './kubelet.test.kit.js';
import { mergedPodLogs, type MergedPodLogsOptions } from './merged-pod-logs.js';

const namespace = 'default';
const encoder = new TextEncoder();

/** A log file that grows, until its container ends. */
interface LogFile {
  lines: string[];
  ended: boolean;
}

/** Pods on an API server in memory, whose logs grow as a test says, and somebody who follows them; all in virtual time. */
export class LogCluster implements AsyncDisposable {
  readonly clock: FakeClock = new FakeClock();
  readonly server: ApiServer = new ApiServer({ clock: this.clock });
  /** What came since it was looked at last, as `pod/container text`; and how it ended. */
  readonly seen: string[] = [];
  readonly errors: string[] = [];
  /** Logs that are being read. */
  open = 0;
  readonly #files = new Map<string, LogFile>();
  readonly #changed = new EventTarget();
  readonly #stop = new AbortController();
  #reading: Promise<void> = Promise.resolve();

  get pods(): ResourceClient<Pod, unknown> {
    return new RestClient(this.server.config(), this.clock).resource(pods, namespace);
  }

  follow(options: Partial<MergedPodLogsOptions> = {}): void {
    const { clock, server } = this;
    const transport = {
      request: async (request: Parameters<typeof server.transport.request>[0]) =>
        request.url.pathname.endsWith('/log') ? this.#answer(request) : server.transport.request(request),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    const lines = mergedPodLogs(
      { ...server.config(), transport },
      {
        namespace,
        labelSelector: 'app=crowd',
        follow: true,
        clock,
        signal: this.#stop.signal,
        onError: ({ message }) => this.errors.push(message),
        ...options,
      },
    );
    const read = async (): Promise<void> => {
      for await (const { pod, container, text } of lines) this.seen.push(`${pod}/${container} ${text}`);
    };
    this.#reading = read().then(
      () => void this.seen.push('end'),
      (error: unknown) => void this.seen.push(String(error)),
    );
  }

  /** What was given and reported since the last time, after so much time. */
  async told(ms = 0): Promise<{ seen: string[]; errors: string[] }> {
    await this.clock.advance(ms);
    return { seen: this.seen.splice(0), errors: this.errors.splice(0) };
  }

  /** A Pod with these containers, none of which has started. */
  async create(name: string, ...containers: string[]): Promise<void> {
    await this.pods.create({
      metadata: { name, labels: { app: 'crowd' } },
      spec: { restartPolicy: 'Never', containers: containers.map((each) => ({ name: each, image: 'any' })) },
    });
  }

  /** A Pod with containers that run, and have written a line. */
  async run(name: string, ...containers: string[]): Promise<void> {
    await this.create(name, ...containers);
    for (const each of containers) this.write(`${name}/${each}`, 'hello');
    await this.become(name, { running: {} });
  }

  /** All containers of the Pod become so; when they have ended, so has the Pod. */
  async become(name: string, state: { running: object } | { terminated: { exitCode: number } }): Promise<void> {
    const pod = await this.pods.get(name);
    const containerStatuses = pod.spec!.containers.map((container) => ({
      name: container.name,
      containerID: `${name}-${container.name}`,
      image: 'any',
      imageID: 'any',
      ready: true,
      restartCount: 0,
      state,
    }));
    const phase = 'running' in state ? 'Running' : 'Succeeded';
    await this.pods.updateStatus({ ...pod, status: { phase, containerStatuses } });
  }

  /** The containers of the Pod end, and their logs with them. */
  async end(name: string): Promise<void> {
    await this.become(name, { terminated: { exitCode: 0 } });
    for (const [key, file] of this.#files) if (key.startsWith(`${name}/`)) file.ended = true;
    this.#changed.dispatchEvent(new Event('change'));
  }

  /** @param log - `pod/container`. */
  write(log: string, text: string): void {
    const file = this.#fileOf(log);
    const second = String(file.lines.length + 1).padStart(2, '0');
    file.lines.push(`2020-01-01T00:00:${second}.000000000Z ${text}\n`);
    this.#changed.dispatchEvent(new Event('change'));
  }

  /** Deletes the Pod at once; what its node has of its logs is given, and then they end. */
  async delete(name: string): Promise<void> {
    await this.pods.delete(name, { gracePeriodSeconds: 0 });
    for (const [key, file] of this.#files) if (key.startsWith(`${name}/`)) file.ended = true;
    this.#changed.dispatchEvent(new Event('change'));
  }

  stop(reason: Error): void {
    this.#stop.abort(reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop(new Error('the test is over'));
    await this.#reading;
    await this.clock.advance(0);
    if (this.open + this.clock.pending > 0)
      throw new Error(`left behind: ${this.open} logs, ${this.clock.pending} timers`);
    await this.server[Symbol.asyncDispose]();
  }

  #fileOf(log: string): LogFile {
    const file = this.#files.get(log) ?? { lines: [], ended: false };
    this.#files.set(log, file);
    return file;
  }

  #answer({ url, signal }: { url: URL; signal?: AbortSignal | undefined }): TransportResponse {
    const log = `${url.pathname.split('/').at(-2)}/${url.searchParams.get('container')}`;
    if (url.searchParams.get('previous') === 'true')
      return refusal(400, 'BadRequest', 'previous terminated container not found');
    const body = this.#read(this.#fileOf(log), url.searchParams.get('follow') === 'true', signal);
    return { status: 200, headers: { 'content-type': 'text/plain' }, body, discard: () => Promise.resolve() };
  }

  async *#read(file: LogFile, follow: boolean, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    this.open++;
    try {
      for (let next = 0; ;) {
        while (next < file.lines.length) yield encoder.encode(file.lines[next++]);
        if (!follow || file.ended) return;
        await new Promise<void>((resolve, reject) => {
          this.#changed.addEventListener('change', () => resolve(), { once: true });
          signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        });
      }
    } finally {
      this.open--;
    }
  }
}
