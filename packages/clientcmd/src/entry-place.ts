import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Entry, KubeconfigError } from './kubeconfig.js';

/** One entry of a kubeconfig, as a place that errors can name, and that paths are relative to. */
export class EntryPlace<T extends object> {
  readonly value: T;
  readonly #file: string | undefined;
  readonly #name: string;

  constructor(entry: Entry<T>, kind: string, name: string) {
    this.value = entry.value;
    this.#file = entry.file;
    this.#name = `${kind} ${JSON.stringify(name)}`;
  }

  error(problem: string, cause?: unknown): KubeconfigError {
    return new KubeconfigError(`${this.#file ?? 'kubeconfig'}: ${this.#name}: ${problem}`, { cause });
  }

  resolve(file: string): string {
    return path.resolve(path.dirname(this.#file ?? ''), file);
  }

  /** PEM text: from the `-data` field, or from the file that the field names. */
  async pem(field: keyof T & string): Promise<string | undefined> {
    const fields = this.value as Readonly<Record<string, string | undefined>>;
    const [file, data] = [fields[field], fields[`${field}-data`]];
    if (file && data) throw this.error(`${field} and ${field}-data exclude each other`);
    if (data) {
      const text = Buffer.from(data, 'base64').toString('utf8');
      if (!text.includes('-----BEGIN ')) throw this.error(`${field}-data: expected base64-encoded PEM`);
      return text;
    }
    if (!file) return undefined;
    const text = await this.#read(field, file);
    if (!text.includes('-----BEGIN ')) throw this.error(`${field}: ${this.resolve(file)} is not PEM`);
    return text;
  }

  async #read(field: string, file: string): Promise<string> {
    try {
      return await readFile(this.resolve(file), 'utf8');
    } catch (cause) {
      throw this.error(`${field}: ${(cause as Error).message}`, cause);
    }
  }
}
