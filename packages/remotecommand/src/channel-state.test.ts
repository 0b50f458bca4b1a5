import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ChannelEffect,
  type ChannelEvent,
  type ChannelState,
  channelStep,
  initialChannelState,
} from './channel-state.js';

const utf8 = new TextEncoder();
const bytes = (text: string): Uint8Array => Uint8Array.from(utf8.encode(text));
const message = (channel: number, text: string): ChannelEvent => ({
  type: 'message',
  message: Uint8Array.of(channel, ...bytes(text)),
});
const Success = message(3, '{"status":"Success"}');
const Size = { type: 'resize', size: { width: 80, height: 24 } } as const;
const Write = { type: 'stdin', bytes: bytes('in') } as const;
const End = { type: 'stdinEnd' } as const;
const Closed = { type: 'closed' } as const;
const Lost = { type: 'lost', reason: 'why' } as const;

function run(protocol: string, events: readonly ChannelEvent[]): { state: ChannelState; effects: ChannelEffect[] } {
  let state = initialChannelState(protocol);
  const effects: ChannelEffect[] = [];
  for (const event of events) {
    const step = channelStep(state, event);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

/** In a few words. */
function told(effect: ChannelEffect): string {
  const failureOf = (reason: unknown): string =>
    reason instanceof Error ? (reason as Error & { failure: string }).failure : String(reason);
  switch (effect.do) {
    case 'output':
      return `${effect.stream}: ${new TextDecoder().decode(effect.bytes)}`;
    case 'send':
      return `send ${effect.message[0]} ${effect.message[0] === 255 ? effect.message[1] : new TextDecoder().decode(effect.message.subarray(1))}`;
    case 'settle':
      return 'code' in effect.outcome ? `code ${effect.outcome.code}` : `error ${failureOf(effect.outcome.error)}`;
    case 'endOutput':
      return effect.failure ? `output fails: ${failureOf(effect.failure.reason)}` : 'output ends';
    case 'stopStdin':
      return `stdin fails: ${failureOf(effect.reason)}`;
    case 'refuse':
      return `refuse: ${failureOf(effect.reason)}`;
    case 'close':
      return 'close';
  }
}

const Reported = ['code 0', 'stdin fails: ended', 'close'];
const failed = (why: string): string[] => [`error ${why}`, `stdin fails: ${why}`, `output fails: ${why}`, 'close'];

describe.each(['v5.channel.k8s.io', 'v4.channel.k8s.io'])('with %s', (protocol) => {
  test.each<[string, ChannelEvent[], string[]]>([
    ['output of both kinds', [message(1, 'out'), message(2, 'err')], ['stdout: out', 'stderr: err']],
    ['announcements of channels', [message(1, ''), message(2, ''), message(3, '')], []],
    [
      'channels of the future, and those that are not the server’s',
      [message(0, 'x'), message(4, 'x'), message(9, 'x'), message(255, '\u0001')],
      [],
    ],
    ['what is written', [Write], ['send 0 in']],
    ['a size', [Size], ['send 4 {"Width":80,"Height":24}']],
    ['success', [Success], Reported],
    ['success, and the end', [Success, Closed], [...Reported, 'output ends', 'close']],
    ['success, and a lost connection', [Success, Lost], [...Reported, 'output ends', 'close']],
    ['success in two messages', [message(3, '{"status":'), message(3, '"Success"}')], Reported],
    ['a second status', [Success, message(3, '{"status":"Failure"}')], Reported],
    ['output behind the status', [Success, message(1, 'late')], [...Reported, 'stdout: late']],
    ['writing after the status', [Success, Write], [...Reported, 'refuse: ended']],
    ['an end of stdin and a size after the status', [Success, End, Size], Reported],
    ['an end without a status', [Closed], failed('protocol')],
    ['an end within the status', [message(3, '{"sta'), Closed], failed('protocol')],
    ['a lost connection', [Lost], failed('why')],
    ['text', [{ type: 'message', message: 'text' }], failed('protocol')],
    ['a message of nothing', [{ type: 'message', message: new Uint8Array() }], failed('protocol')],
    ['a status without end', Array.from({ length: 65 }, () => message(3, '[')), failed('protocol')],
    ['a status that is too long', [message(3, ' '.repeat(65_537))], failed('protocol')],
    ['anything after the end', [Lost, message(1, 'late'), Success, Closed, Lost, Size, End], failed('why')],
    ['writing after the end', [Lost, Write], [...failed('why'), 'refuse: ended']],
  ])('%s', (_, events, expected) => {
    expect(run(protocol, events).effects.map(told)).toEqual(expected);
  });

  test('whatever happens, there is one outcome and one end, and nothing after it', () => {
    const event = fc.oneof(
      fc.constantFrom<ChannelEvent>(Success, Size, Write, End, Closed, Lost),
      fc.tuple(fc.integer({ min: 0, max: 255 }), fc.string()).map(([channel, text]) => message(channel, text)),
      fc.constant<ChannelEvent>({ type: 'message', message: 'text' }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30, size: 'max' }), (events) => {
        const { state, effects } = run(protocol, events);
        const count = (what: ChannelEffect['do']): number => effects.filter((effect) => effect.do === what).length;
        expect(count('settle')).toBe(state.phase === 'running' ? 0 : 1);
        expect(count('endOutput')).toBe(state.phase === 'over' ? 1 : 0);
        const end = effects.findIndex((effect) => effect.do === 'endOutput');
        if (end >= 0)
          expect(effects.slice(end).some((effect) => effect.do === 'output' || effect.do === 'send')).toBe(false);
      }),
    );
  });
});

test('the end of stdin is sent once with v5, and nothing after it', () => {
  expect(run('v5.channel.k8s.io', [Write, End, End, Write]).effects.map(told)).toEqual([
    'send 0 in',
    'send 255 0',
    'refuse: ended',
  ]);
});

test('the end of stdin cannot be told with v4', () => {
  expect(run('v4.channel.k8s.io', [End, Write]).effects.map(told)).toEqual(['refuse: halfClose', 'send 0 in']);
});
