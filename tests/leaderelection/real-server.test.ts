import { type Lease, leases } from '@client-ts/api/coordination/v1';
import { type ConfigMap, configMaps } from '@client-ts/api/core/v1';
import { Environment } from '@client-ts/envtest';
import { isLeadershipLost, LeaderElector, leaseLock, runCandidacy } from '@client-ts/leaderelection';
import { restClientFor } from '@client-ts/rest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tokenOf } from '../../examples/leader-election/fenced-config-map.js';
import { describeReal } from '../envtest/describe-real.js';
import { machineTime } from '../processes/machine-time.js';
import type { CandidateEvent } from './candidate-event.js';
import { history } from './history.js';
import { LeaseName, WrittenName } from './names.js';
import { Scene } from './scene.js';

const Flags = ['--feature-gates=CoordinatedLeaderElection=true', '--runtime-config=coordination.k8s.io/v1beta1=true'];

/** No term is over because the machine is busy. */
const Patient = { leaseDurationMs: 60_000, renewDeadlineMs: 50_000, retryPeriodMs: 300 } as const;

describeReal('elections by a Lease of a real server', ['etcd', 'kubeApiserver'], () => {
  let environment: Environment;
  beforeAll(async () => {
    environment = await Environment.start({ apiServerFlags: Flags });
  });
  afterAll(() => environment[Symbol.asyncDispose]());

  test('in a coordinated one, kube-apiserver chooses the oldest, also when another one leads', async () => {
    const config = { ...environment.config, onWarning: () => {} };
    const stop = new AbortController();
    const happened: string[] = [];

    /** Stands for election. Resolves when it leads; `ended` does when all is over. */
    const stand = (identity: string, emulationVersion: string): { led: Promise<void>; ended: Promise<unknown> } => {
      let lead = (): void => {};
      const led = new Promise<void>((resolve) => (lead = resolve));
      const elector = new LeaderElector({
        lock: leaseLock(config, { namespace: 'default', name: 'coordinated', identity }),
        coordinated: true,
        ...Patient,
        callbacks: {
          onStartedLeading: (leading, { transitions }) => {
            happened.push(`${identity} leads, term ${transitions}`);
            leading.addEventListener('abort', () => {
              const reason: unknown = leading.reason;
              happened.push(`${identity}: ${isLeadershipLost(reason) ? reason.reason : 'told to end'}`);
            });
            lead();
          },
        },
      });
      const options = { namespace: 'default', name: identity, leaseName: 'coordinated', binaryVersion: '1.37.0' };
      const candidacy = runCandidacy(config, { ...options, emulationVersion }, stop);
      return { led, ended: Promise.all([elector.run(stop), candidacy]) };
    };

    const newer = stand('newer', '1.37.0');
    await newer.led;
    const older = stand('older', '1.36.0');
    await older.led;
    stop.abort();
    await Promise.all([newer.ended, older.ended]);
    expect(happened).toEqual([
      'newer leads, term 1',
      'newer: end of term',
      'older leads, term 2',
      'older: told to end',
    ]);
  });

  test(
    'of three processes, whatever happens to them, to their clocks and to the server, there are never two leaders',
    { timeout: 300_000 },
    async () => {
      const client = restClientFor(environment.config);
      const lease = history<Lease>(client.resource(leases, 'default'), LeaseName);
      const writes = history<ConfigMap>(client.resource(configMaps, 'default'), WrittenName);
      await using scene = new Scene(environment.kubeconfig);
      const started = machineTime();
      const handOver = (what: string, since: number, until: number): void =>
        console.info(`${what}: the next one leads after ${((until - since) / 1000).toFixed(2)} s`);

      for (const identity of ['a', 'b', 'c']) scene.start(identity);
      let now = await scene.leaderAfter(-1);

      const killed = now.leader.signal('SIGKILL');
      now = await scene.leaderAfter(now.term);
      handOver('kill -9', killed, now.from);
      scene.start('d');

      const former = now.leader;
      const stopped = former.signal('SIGSTOP');
      now = await scene.leaderAfter(now.term);
      handOver('SIGSTOP', stopped, now.from);
      const continued = former.signal('SIGCONT');
      // An answer to what it wrote before it was stopped may have come in the meantime. It begins nothing more.
      const isNext = ({ at, event }: CandidateEvent): boolean => at > continued && event !== 'wrote';
      const next = await scene.until('what the former leader does next', () => former.events.find(isNext));
      expect(next).toMatchObject({ event: 'ended', reason: 'expired' });

      // A wall clock that is an hour ahead, beside one that is an hour behind.
      const jumped = machineTime();
      for (const each of scene.all)
        if (!each.exited) each.tell(`clock ${each === now.leader ? 3_600_000 : -3_600_000}`);
      const { leader } = now;
      const goesOn = (): boolean => leader.count('wrote', jumped) > 20 || !leader.leads;
      await scene.until('writes of the leader', goesOn);
      const lost = leader.events.find(({ event, at }) => event === 'ended' && at > jumped);
      // A machine that is too busy may hold it up; nobody may take the Lease from it.
      expect(lost?.reason ?? 'expired').toBe('expired');

      now = await scene.leaderAfter(now.term - 1);
      const down = machineTime();
      await environment.kill('kube-apiserver');
      await scene.until('the end of the term', () => !now.leader.leads);
      await environment.restart('kube-apiserver');
      const goneMs = machineTime() - down;
      now = await scene.leaderAfter(now.term);
      handOver(`kube-apiserver killed, and ready again after ${(goneMs / 1000).toFixed(1)} s`, down, now.from);

      const told = machineTime();
      now.leader.tell('stop');
      now = await scene.leaderAfter(now.term);
      handOver('an end in good order', told, now.from);

      // By time, and by what each did: in office, and after whoever was before.
      const terms = scene.all.flatMap((each) => each.terms()).toSorted((one, other) => one.from - other.from);
      for (const [index, { from }] of terms.entries()) expect(from).toBeGreaterThan(terms[index - 1]?.to ?? started);
      expect(terms.map(({ term }) => term)).toEqual(terms.map(({ term }) => term).toSorted((a, b) => a - b));
      for (const each of scene.all) {
        const own = each.terms();
        const writing = each.events.filter(({ event }) => event === 'writing');
        for (const { at, term } of writing) expect(at).toBeLessThanOrEqual(own.find((t) => t.term === term)?.to ?? 0);
      }

      // By the tokens: of what is in the Lease, and of what was written. Nobody saw what was there only while the server was away.
      const isWritten = (): boolean => writes.seen.some((object) => tokenOf(object)?.transitions === now.term);
      await scene.until('writes of the last term', isWritten);
      await Promise.all([lease.end(), writes.end()]);
      const holders = lease.seen.map(({ spec }) => [spec?.leaseTransitions ?? 0, spec?.holderIdentity ?? ''] as const);
      expectInOrder(holders.filter(([, holder]) => holder !== ''));
      const tokens = writes.seen.map((object) => tokenOf(object));
      expectInOrder(tokens.map((token) => [token?.transitions ?? NaN, token?.holder ?? ''] as const));
      expect(terms.length).toBeGreaterThanOrEqual(5);
      expect(new Set(tokens.map((token) => token?.transitions)).size).toBeGreaterThanOrEqual(4);
      console.info(
        `${writes.seen.length} writes in ${terms.length} terms, ${((machineTime() - started) / 1000).toFixed(1)} s`,
      );
    },
  );
});

/** Terms never go back, and each has one holder. */
function expectInOrder(terms: readonly (readonly [term: number, holder: string])[]): void {
  const holderOf = new Map<number, string>();
  let last = -1;
  for (const [term, holder] of terms) {
    expect(term).toBeGreaterThanOrEqual(last);
    last = term;
    expect(holderOf.get(term) ?? holder).toBe(holder);
    holderOf.set(term, holder);
  }
}
