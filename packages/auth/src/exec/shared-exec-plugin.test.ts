import { expect, test } from 'vitest';
import type { ExecConfig } from './exec-config.js';
import { sharedExecPlugin, type SharedExecPluginOptions } from './shared-exec-plugin.js';

const config: ExecConfig = {
  command: 'plugin',
  args: ['a'],
  apiVersion: 'client.authentication.k8s.io/v1',
  interactiveMode: 'Never',
};
const cluster = { server: 'https://one' };

test.each<[string, ExecConfig, SharedExecPluginOptions, ExecConfig, SharedExecPluginOptions]>([
  ['what is configured alike', config, {}, { ...config }, {}],
  ['the environment, named or not', config, { env: process.env }, config, {}],
  ['clusters that it is not told of', config, { cluster }, config, { cluster: { server: 'https://two' } }],
  [
    'the same cluster',
    { ...config, provideClusterInfo: true },
    { cluster },
    { ...config, provideClusterInfo: true },
    { cluster: { ...cluster } },
  ],
])('shares a plugin: %s', (_, config, options, otherConfig, otherOptions) => {
  // The environment is the process's own in two ways.
  const normal = (options: SharedExecPluginOptions): SharedExecPluginOptions => ({ env: process.env, ...options });
  expect(sharedExecPlugin(config, normal(options))).toBe(sharedExecPlugin(otherConfig, normal(otherOptions)));
});

test.each<[string, ExecConfig, SharedExecPluginOptions]>([
  ['other arguments', { ...config, args: ['b'] }, {}],
  ['other variables', { ...config, env: [{ name: 'A', value: 'b' }] }, {}],
  ['another policy', config, { policy: { type: 'DenyAll' } }],
  ['another environment', config, { env: { PATH: '/bin' } }],
  ['a standard input that is taken', config, { stdin: { unavailable: true } }],
  ['a standard input that nobody can compare', config, { stdin: { isTerminal: () => true } }],
  ['a cluster that it is told of', { ...config, provideClusterInfo: true }, { cluster }],
])('keeps apart: %s', (_, otherConfig, options) => {
  expect(sharedExecPlugin(otherConfig, options)).not.toBe(sharedExecPlugin(config));
});

test('keeps clusters apart that the plugin is told of', () => {
  const told = { ...config, provideClusterInfo: true };
  expect(sharedExecPlugin(told, { cluster })).not.toBe(sharedExecPlugin(told, { cluster: { server: 'https://two' } }));
});
