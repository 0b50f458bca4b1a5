import { describe, expect, test } from 'vitest';
import { type ExecConfig, execConfigProblems, interactiveModeOf } from './exec-config.js';

const v1 = 'client.authentication.k8s.io/v1';
const v1beta1 = 'client.authentication.k8s.io/v1beta1';
const good: ExecConfig = { command: 'plugin', apiVersion: v1, interactiveMode: 'Never' };

describe('execConfigProblems', () => {
  test.each<[string, ExecConfig]>([
    ['v1', good],
    ['v1beta1 without a mode', { command: 'plugin', apiVersion: v1beta1 }],
    [
      'everything',
      { ...good, args: ['a'], env: [{ name: 'A', value: '' }], installHint: 'x', provideClusterInfo: true },
    ],
    ['the nulls that kubectl writes', { ...good, args: null, env: null }],
  ])('finds nothing in %s', (_, config) => {
    expect(execConfigProblems(config)).toEqual([]);
  });

  test.each<[string, ExecConfig, string[]]>([
    [
      'an empty config',
      {},
      ['command: expected the name or the path of a program', `apiVersion: expected ${v1} or ${v1beta1}`],
    ],
    [
      'v1alpha1',
      { ...good, apiVersion: 'client.authentication.k8s.io/v1alpha1' },
      [`apiVersion: v1alpha1 has been removed; expected ${v1} or ${v1beta1}`],
    ],
    ['another API', { ...good, apiVersion: 'v1' }, [`apiVersion: expected ${v1} or ${v1beta1}`]],
    [
      'v1 without a mode',
      { command: 'plugin', apiVersion: v1 },
      [`interactiveMode: required in ${v1}: expected Never, IfAvailable, Always`],
    ],
    [
      'an unknown mode',
      { ...good, interactiveMode: 'never' },
      ['interactiveMode: expected Never, IfAvailable, Always'],
    ],
    [
      'variables without names',
      { ...good, env: [{ value: 'x' }, { name: 'a=b', value: 'x' }] },
      ['env[0].name: expected the name of a variable', 'env[1].name: may not contain "=" or a null character'],
    ],
  ])('finds what is wrong with %s', (_, config, problems) => {
    expect(execConfigProblems(config)).toEqual(problems);
  });
});

test.each<[ExecConfig, string | undefined]>([
  [good, 'Never'],
  [{ apiVersion: v1beta1 }, 'IfAvailable'],
  [{ apiVersion: v1beta1, interactiveMode: 'Always' }, 'Always'],
  [{ apiVersion: v1 }, undefined],
  [{ apiVersion: v1, interactiveMode: 'x' }, undefined],
])('the mode of %j is %s', (config, mode) => {
  expect(interactiveModeOf(config)).toBe(mode);
});
