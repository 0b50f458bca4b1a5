import { Environment } from '@client-ts/envtest';
import { exec } from '@client-ts/remotecommand';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { serveWebTerminal, type WebTerminal } from '../../examples/web-terminal/server.js';
import { describeKubelet } from '../envtest/describe-kubelet.js';
import { findChromium } from './find-chromium.js';
import { runPod } from './pods.js';

const executablePath = findChromium();
const obstacle = executablePath === undefined ? ': needs Chromium in PATH' : '';
if (obstacle !== '') console.warn(`\n!!! NOT TESTED: the example web-terminal in a browser${obstacle}\n`);

describe.skipIf(obstacle !== '')(`the example web-terminal in a browser${obstacle}`, () => {
  describeKubelet('with a real kubelet', () => {
    let environment: Environment;
    let browser: Browser;
    let terminal: WebTerminal;
    let page: Page;
    beforeAll(async () => {
      environment = await Environment.start({ kubelet: true });
      await runPod(environment.config, 'web', { command: ['sleep', '3600'] });
      terminal = await serveWebTerminal(environment.config, { namespace: 'default', pod: 'web' });
      // Its own sandbox is not for root, as whom a kubelet has to run.
      browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
    });
    afterEach(() => page.close());
    afterAll(async () => {
      await browser?.close();
      await terminal?.[Symbol.asyncDispose]();
      await environment?.[Symbol.asyncDispose]();
    });

    async function open(): Promise<void> {
      page = await browser.newPage({ viewport: { width: 900, height: 500 } });
      await page.goto(terminal.url);
      await status('connected');
      await screen(/[#$] /);
    }

    /** Once this is on the screen; what it says there. */
    async function screen(pattern: RegExp): Promise<string> {
      const rows = page.locator('.xterm-rows');
      await rows.filter({ hasText: pattern }).waitFor();
      return pattern.exec((await rows.textContent()) ?? '')?.[1] ?? '';
    }

    const status = (text: string): Promise<void> => page.locator('#status').filter({ hasText: text }).waitFor();
    const size = (): Promise<string | null> => page.locator('#terminal').getAttribute('data-size');
    const type = async (line: string): Promise<void> => {
      await page.keyboard.type(line);
      await page.keyboard.press('Enter');
    };

    test('runs what is typed, and tells the exit code', async () => {
      await open();
      await type('echo "hello $((40 + 2)) größe"');
      await screen(/hello 42 größe/);
      await type('exit 7');
      await status('exited with code 7');
    });

    test('gives the process the size of the page, whenever that changes', async () => {
      await open();
      const first = await size();
      const look = 'now=$(stty size); [ "$now" = "$last" ] || echo "size $now;"; last=$now; sleep 0.05';
      await type(`while :; do ${look}; done`);
      await screen(new RegExp(`size ${first};`));
      await page.setViewportSize({ width: 600, height: 300 });
      await page.locator(`#terminal:not([data-size="${first}"])`).waitFor();
      await screen(new RegExp(`size ${await size()};`));
      await page.keyboard.press('Control+C');
    });

    test('is not flooded by a process that never ends, and hears its keys meanwhile', async () => {
      await open();
      await type('yes');
      await screen(/y/);
      await page.keyboard.press('Control+C');
      await type('echo "still $((40 + 2))"');
      await screen(/still 42/);
    });

    test('does not open for a page of another origin that knows the token', async () => {
      await open();
      const { host, hash } = new URL(terminal.url);
      const foreign = await browser.newPage();
      await foreign.goto('about:blank');
      const opened = await foreign.evaluate(
        ([host, token]) =>
          new Promise((resolve) => {
            const socket = new WebSocket(`ws://${host}/exec`, ['terminal', `token.${token}`]);
            socket.addEventListener('open', () => resolve(true));
            socket.addEventListener('error', () => resolve(false));
          }),
        [host, hash.slice(1)],
      );
      await foreign.close();
      expect(opened).toBe(false);
    });

    test('leaves no process behind when the page is closed', async () => {
      await open();
      await type('echo "pid $$;"');
      const pid = await screen(/pid (\d+);/);
      await page.close();
      const command = ['sh', '-c', `while kill -0 ${pid}; do sleep 0.05; done`];
      await using process = await exec(environment.config, { namespace: 'default', pod: 'web', command });
      expect(await process.exit).toEqual({ code: 0 });
    });
  });
});
