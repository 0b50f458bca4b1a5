import { expect, test } from 'vitest';
import { isInteractive, type Stdin } from './interactive.js';

const terminal: Stdin = { isTerminal: () => true };
const pipe: Stdin = { isTerminal: () => false };
const taken: Stdin = { ...terminal, unavailable: true };

test.each([
  ['Never', terminal, false],
  ['Never', pipe, false],
  ['IfAvailable', terminal, true],
  ['IfAvailable', pipe, false],
  ['IfAvailable', taken, false],
  ['Always', terminal, true],
] as const)('%s, %j: %s', (mode, stdin, expected) => {
  expect(isInteractive(mode, stdin)).toBe(expected);
});

test.each([
  [pipe, 'standard input is not a terminal'],
  [taken, 'standard input is unavailable'],
  [{ ...terminal, unavailable: 'used to read manifests' }, 'standard input is unavailable: used to read manifests'],
])('Always does not do without: %j', (stdin, message) => {
  expect(() => isInteractive('Always', stdin)).toThrow(
    expect.objectContaining({
      failure: 'not-interactive',
      message: `the plugin needs a terminal (interactiveMode Always): ${message}`,
    }) as Error,
  );
});
