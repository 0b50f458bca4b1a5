import path from 'node:path';
import { printable } from '@client-ts/apimachinery';
import type { Entry } from './kubeconfig.js';
import { quoted } from './quoted.js';
import { fileProblem, readBounded } from './read-bounded.js';

/** A bundle of all public authorities has a quarter of that. */
const MaxPemBytes = 1024 * 1024;

/** One entry of a kubeconfig, as a place that problems can name, and that paths are relative to. */
export class EntryPlace<T extends object> {
  readonly value: T;
  readonly file: string | undefined;
  readonly name: string;
  readonly #kind: string;
  readonly #problems: string[];

  /** @param problems - where all that is wrong is collected. */
  constructor({ value, file }: Entry<T>, kind: string, name: string, problems: string[]) {
    this.value = value;
    this.file = file;
    this.name = name;
    this.#kind = kind;
    this.#problems = problems;
  }

  /** What is wrong, with its place in front. */
  at(problem: string): string {
    return `${printable(this.file ?? 'kubeconfig')}: ${this.#kind} ${quoted(this.name)}: ${problem}`;
  }

  report(problem: string): void {
    this.#problems.push(this.at(problem));
  }

  /** A path of this entry, absolute. */
  resolve(file: string): string {
    return path.resolve(path.dirname(this.file ?? ''), file);
  }

  /** PEM text: from the `-data` field, or from the file that the field names. */
  async pem(field: keyof T & string): Promise<string | undefined> {
    const fields = this.value as Readonly<Record<string, string | undefined>>;
    const [file, data] = [fields[field], fields[`${field}-data`]];
    if (file && data) this.report(`${field} and ${field}-data exclude each other`);
    if (data) {
      const text = Buffer.from(data, 'base64').toString('utf8');
      if (!isPem(text)) this.report(`${field}-data: expected base64-encoded PEM`);
      return text;
    }
    if (!file) return undefined;
    const text = (await this.read(field, file))?.toString('utf8');
    if (text !== undefined && !isPem(text)) this.report(`${field}: ${printable(this.resolve(file))} is not PEM`);
    return text;
  }

  /** The content of a file that a field names; `undefined` when it cannot be read. */
  async read(field: string, file: string): Promise<Buffer | undefined> {
    try {
      return await readBounded(this.resolve(file), MaxPemBytes);
    } catch (error) {
      this.report(`${field}: ${printable(this.resolve(file))}: ${fileProblem(error)}`);
      return undefined;
    }
  }
}

function isPem(text: string): boolean {
  return text.includes('-----BEGIN ');
}
