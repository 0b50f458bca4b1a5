import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Tells the story on a terminal: one line an event, who did it in front, colours only where they can be seen. */
export class Narrator {
  readonly #started = performance.now();
  readonly #colours = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;

  /** A new part of the story. */
  act(title: string): void {
    console.log(`\n${this.#paint('bold', title)}`);
  }

  /** Somebody changes something from outside. */
  outside(message: string): void {
    this.#line('you', 'yellow', message);
  }

  /** The controller did something. */
  controller(message: string): void {
    this.#line('controller', 'cyan', message);
  }

  /** Something was found to be as it should be. */
  check(message: string): void {
    this.#line('✓', 'green', message);
  }

  note(message: string): void {
    console.log(`  ${message}`);
  }

  failure(message: string): void {
    console.error(`\n${this.#paint('red', 'error:')} ${message}`);
  }

  #line(who: string, style: Style, message: string): void {
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(2).padStart(6);
    console.log(`${this.#paint('dim', `${seconds} s`)}  ${this.#paint(style, who.padEnd(10))}  ${message}`);
  }

  #paint(style: Style, text: string): string {
    return this.#colours ? styleText(style, text) : text;
  }
}
