/** A place in a text. Both count from 1. */
export interface LineAndColumn {
  readonly line: number;
  readonly column: number;
}

/** Text that is not YAML, or is YAML that JSON cannot express. */
export class YamlError extends Error {
  override readonly name = 'YamlError';
  readonly line: number;
  readonly column: number;

  /** The message does not quote the text: a kubeconfig holds credentials. */
  constructor(problem: string, { line, column }: LineAndColumn) {
    super(`line ${line}, column ${column}: ${problem}`);
    this.line = line;
    this.column = column;
  }
}
