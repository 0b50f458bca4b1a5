import type { CertificateSigningRequest } from '@client-ts/api/certificates/v1';
import { newInternalError } from '@client-ts/apimachinery/errors';
import { settle } from '@client-ts/apimachinery/testing';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CertificateEvent } from './certificate-event.js';
import { CertificateManager } from './certificate-manager.js';
import type { KeyPair } from './key-pair.js';
import { generateKey } from './private-key.js';
import { SigningServer } from './signing-server.test.kit.js';

const HourMs = 3600_000;
const key = await generateKey();

/** What happens in the world around a manager. */
type Action =
  | { readonly type: 'pass'; readonly minutes: number }
  | { readonly type: 'issue'; readonly hours: number; readonly commonName: '' | 'someone else' }
  | { readonly type: 'refuse'; readonly how: 'Denied' | 'Failed' }
  | { readonly type: 'delete' }
  | { readonly type: 'server' | 'disk'; readonly works: boolean };

const actions = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('pass'), minutes: fc.integer({ min: 0, max: 60 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('issue'),
      hours: fc.integer({ min: 1, max: 2 }),
      commonName: fc.constantFrom('', '', '', 'someone else'),
    }),
  },
  fc.record({ type: fc.constant('refuse'), how: fc.constantFrom('Denied', 'Failed') }),
  fc.record({ type: fc.constant('delete') }),
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constantFrom('server', 'disk'), works: fc.constantFrom(false, false, true) }),
  },
) as fc.Arbitrary<Action>;

/** The world, and what it has seen of the manager. */
class World implements AsyncDisposable {
  readonly events: CertificateEvent[] = [];
  readonly attemptsMs: number[] = [];
  readonly server: SigningServer;
  stored: KeyPair | undefined;
  #manager: CertificateManager | undefined;
  #works = { server: true, disk: true };

  private constructor(server: SigningServer) {
    this.server = server;
    server.api.intercept(({ verb }) => {
      if (verb !== 'create') return;
      this.attemptsMs.push(server.clock.now());
      if (!this.#works.server) throw newInternalError('down');
    });
  }

  static async start(): Promise<World> {
    const world = new World(await SigningServer.start());
    world.#manager = await CertificateManager.start({
      config: world.server.config,
      signerName: 'example.com/signer',
      template: { commonName: 'a' },
      generateKey: () => key,
      clock: world.server.clock,
      observer: (event) => world.events.push(event),
      store: {
        current: async () => undefined,
        update: async (pair) => {
          if (!world.#works.disk) throw new Error('the disk is full');
          world.stored = pair;
        },
      },
    });
    return world;
  }

  get current(): KeyPair | undefined {
    return this.#manager?.current();
  }

  /** The newest request, when nobody has answered it. */
  async pending(): Promise<CertificateSigningRequest | undefined> {
    const newest = (await this.server.all()).toSorted(byAge).at(-1);
    return newest?.status ? undefined : newest;
  }

  async do(action: Action): Promise<void> {
    const { server } = this;
    switch (action.type) {
      case 'pass':
        await server.clock.advance(action.minutes * 60_000);
        break;
      case 'server':
      case 'disk':
        this.#works[action.type] = action.works;
        break;
      default: {
        const request = await this.pending();
        if (!request) return;
        if (action.type === 'delete') await server.requests.delete(request.metadata?.name ?? '');
        else if (action.type === 'refuse') await server.update(request, action.how);
        else await server.issue(request, { maxAgeMs: action.hours * HourMs, commonName: action.commonName });
      }
    }
    for (let turn = 0; turn < 3; turn++) await settle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = this.#manager?.[Symbol.asyncDispose]();
    // An informer may be in the middle of work that it has cut into slices.
    await this.server.clock.advance(0);
    await ended;
    await this.server[Symbol.asyncDispose]();
  }
}

function byAge(a: CertificateSigningRequest, b: CertificateSigningRequest): number {
  return String(a.metadata?.creationTimestamp).localeCompare(String(b.metadata?.creationTimestamp));
}

/** What holds after whatever has happened. */
function check(world: World): void {
  const { events, current, stored, attemptsMs } = world;
  const rotations = events.flatMap((event) => (event.type === 'rotated' ? [event.certificate] : []));
  expect(current?.leaf).toBe(rotations.at(-1));
  expect(stored).toBe(current);
  let asking = false;
  for (const { type } of events) {
    if (type === 'watchFailed') continue;
    expect(asking && type === 'requested', 'two requests at a time').toBe(false);
    asking = type === 'requested';
  }
  for (const [index, atMs] of attemptsMs.slice(1).entries()) {
    const pauseMs = atMs - (attemptsMs[index] ?? 0);
    expect(pauseMs, 'attempts follow each other too closely').toBeGreaterThanOrEqual(1000);
  }
}

test('whatever happens, the newest certificate that could be kept is in use, and in the end there is a good one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(actions, { maxLength: 12, size: 'max' }), async (history) => {
      const world = await World.start();
      const { clock } = world.server;
      try {
        for (const action of history) {
          await world.do(action);
          check(world);
        }
        await world.do({ type: 'server', works: true });
        await world.do({ type: 'disk', works: true });
        const isGood = (): boolean => {
          const { current } = world;
          return current !== undefined && current.notAfterMs > clock.now() && current.leaf.subject === 'CN=a';
        };
        // The longest pause, twice, and the longest wait for a request that somebody has forgotten.
        for (let minute = 0; minute < 20 && !isGood(); minute++) {
          await world.do({ type: 'pass', minutes: 1 });
          await world.do({ type: 'issue', hours: 10, commonName: '' });
          check(world);
        }
        expect(isGood()).toBe(true);
      } finally {
        await world[Symbol.asyncDispose]();
      }
      expect(clock.pending).toBe(0);
    }),
    { numRuns: 15 },
  );
});
