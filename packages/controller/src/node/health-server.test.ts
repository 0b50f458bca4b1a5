import { reasonOf } from '@client-ts/apimachinery';
import { describe, expect, test, vi } from 'vitest';
import { HealthChecks } from '../health-checks.js';
import { serveHealth } from './health-server.js';

describe('over HTTP', () => {
  const checks = new HealthChecks();
  checks.add('ping', () => {});
  const readyz = new HealthChecks();
  readyz.add('ping', () => {});
  readyz.add('caches', () => {
    throw new Error('password is secret');
  });
  const all = { healthz: checks, readyz, metrics: () => 'up 1\n' };

  test.each<[request: string, status: number, body: string]>([
    ['GET /healthz', 200, 'ok'],
    ['GET /livez', 200, 'ok'],
    ['GET /healthz?verbose', 200, '[+]ping ok\nhealthz check passed\n'],
    ['GET /healthz/ping', 200, 'ok'],
    ['GET /healthz/caches', 404, 'not found\n'],
    ['GET /readyz', 500, '[+]ping ok\n[-]caches failed: reason withheld\nreadyz check failed\n'],
    ['GET /readyz/ping', 200, 'ok'],
    ['GET /readyz/ping/more', 404, 'not found\n'],
    ['GET /metrics', 200, 'up 1\n'],
    ['GET /', 404, 'not found\n'],
    ['GET /constructor', 404, 'not found\n'],
    ['HEAD /healthz', 200, ''],
    ['POST /healthz', 405, 'expected GET or HEAD\n'],
  ])('%s: %d', async (request, status, body) => {
    const told: string[] = [];
    const server = await serveHealth({ ...all, onError: (what, error) => told.push(`${what}: ${String(error)}`) });
    const [method = '', path = ''] = request.split(' ');
    const response = await fetch(`${server.url}${path}`, { method });
    const text = await response.text();
    await server[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    expect([response.status, text]).toEqual([status, body]);
    expect(told).toEqual(status === 500 ? ['readyz: caches failed: Error: password is secret'] : []);
    expect(new URL(server.url).hostname).toBe('127.0.0.1');
  });

  test('without checks it is well as long as it answers; metrics that fail are not told in full', async () => {
    const told: string[] = [];
    const server = await serveHealth({
      metrics: () => Promise.reject(new Error('token abc')),
      onError: (what) => told.push(what),
    });
    const answers = await Promise.all(
      ['healthz', 'readyz', 'metrics'].map(async (path) => (await fetch(`${server.url}/${path}`)).text()),
    );
    await server[Symbol.asyncDispose]();
    expect([answers, told]).toEqual([['ok', 'ok', 'internal error\n'], ['GET of a health endpoint failed']]);
  });

  test('metrics that are no text, and a handler of errors that throws, are survived', async () => {
    const shown = vi.spyOn(console, 'error').mockImplementation(() => {});
    await using server = await serveHealth({
      metrics: () => 7 as unknown as string,
      onError: (what, error) => {
        throw new Error(`${what}: ${reasonOf(error)}`);
      },
    });
    const response = await fetch(`${server.url}/metrics`);
    expect([response.status, await response.text()]).toEqual([500, 'internal error\n']);
    const [[, told] = []] = shown.mock.calls;
    expect(String((told as AggregateError).errors)).toContain('metrics: expected a text, got number');
    shown.mockRestore();
  });

  test('a port that is taken is an error', async () => {
    const server = await serveHealth({});
    const port = Number(new URL(server.url).port);
    await expect(serveHealth({ port })).rejects.toThrow('EADDRINUSE');
    await server[Symbol.asyncDispose]();
  });
});
