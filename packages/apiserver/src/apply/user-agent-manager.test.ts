import { expect, test } from 'vitest';
import { managerFromUserAgent } from './user-agent-manager.js';

test.each([
  ['kubectl/v1.37.2 (linux/amd64)', 'kubectl'],
  ['my program', 'my program'],
  ['', ''],
  ['/1', ''],
  ['a\u0000b\u200bc\u2028d\te', 'abcde'],
  ['x'.repeat(200), 'x'.repeat(128)],
  ['é'.repeat(100), 'é'.repeat(64)],
])('%j', (userAgent, manager) => {
  expect(managerFromUserAgent(userAgent)).toBe(manager);
});
