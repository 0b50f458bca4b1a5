import { createSecureContext } from 'node:tls';

/** What a plugin gave: a token, a client certificate with its key, or both. */
export interface ExecCredential {
  readonly token?: string | undefined;
  /** PEM, with intermediates. */
  readonly cert?: string | undefined;
  /** PEM. */
  readonly key?: string | undefined;
  /** Milliseconds since the epoch. Without, the credential counts until the server refuses it. */
  readonly expiresAt?: number | undefined;
}

/** Gives the credential that counts now. */
export interface CredentialSource {
  /** @param options.rejected - what the server refused: the credential itself, or its token. */
  credential(options?: {
    readonly signal?: AbortSignal | undefined;
    readonly rejected?: ExecCredential | string | undefined;
  }): Promise<ExecCredential>;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads what a plugin printed: an `ExecCredential` with a status, as JSON or, as client-go does, as YAML. Fields that nobody knows
 * are passed over.
 *
 * Rejects with a TypeError that names the field, and quotes nothing but versions and kinds: all else may be a credential.
 *
 * @param apiVersion - that the plugin was asked for.
 */
export async function parseExecCredential(stdout: string, apiVersion: string): Promise<ExecCredential> {
  const document = await parseDocument(stdout);
  const kind = text(document, 'kind');
  if (kind !== 'ExecCredential') throw new TypeError(`kind: expected ExecCredential, got ${known(kind)}`);
  const version = text(document, 'apiVersion');
  if (version !== apiVersion) throw new TypeError(`apiVersion: expected ${apiVersion}, got ${known(version)}`);
  const { status } = document;
  if (status === undefined || status === null) throw new TypeError('status: missing');
  if (!isFields(status)) throw new TypeError('status: expected an object');

  const token = text(status, 'token', 'status.');
  const cert = text(status, 'clientCertificateData', 'status.');
  const key = text(status, 'clientKeyData', 'status.');
  if (!token && !cert && !key)
    throw new TypeError('status: expected a token, or clientCertificateData and clientKeyData');
  if (Boolean(cert) !== Boolean(key)) {
    const [given, missing] = cert ? ['Certificate', 'Key'] : ['Key', 'Certificate'];
    throw new TypeError(`status.client${given}Data: set without client${missing}Data`);
  }
  // A line break would end the header that the token is sent in.
  if (token && /\p{Cc}/u.test(token)) throw new TypeError('status.token: contains a control character');
  if (cert && key) checkPair(cert, key);
  return {
    ...(token ? { token } : {}),
    ...(cert && key ? { cert, key } : {}),
    ...expiry(status['expirationTimestamp']),
  };
}

async function parseDocument(stdout: string): Promise<Fields> {
  const text = stdout.trim();
  if (text === '') throw new TypeError('expected an ExecCredential, got nothing');
  const document = text.startsWith('{') ? parseJson(text) : await parseYaml(text);
  if (!isFields(document)) throw new TypeError('expected an ExecCredential');
  return document;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text: no cause either.
    throw new TypeError('expected JSON');
  }
}

async function parseYaml(text: string): Promise<unknown> {
  const { parseAllYaml } = await import('@client-ts/serializer/yaml');
  try {
    return parseAllYaml(text)[0];
  } catch (cause) {
    throw new TypeError(`expected JSON or YAML: ${(cause as Error).message}`, { cause });
  }
}

function text(fields: Fields, field: string, path = ''): string | undefined {
  const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new TypeError(`${path}${field}: expected a string`);
  return value;
}

/** A word of the API, or what it is instead: a plugin that prints a token in the wrong place does not print it for us. */
function known(word: string | undefined): string {
  if (!word) return 'nothing';
  return /^(?:client\.authentication\.k8s\.io\/v\d\w{0,8}|[A-Z][A-Za-z]{0,40})$/.test(word) ? word : 'something else';
}

function checkPair(cert: string, key: string): void {
  for (const [field, pem] of Object.entries({ clientCertificateData: cert, clientKeyData: key })) {
    if (!pem.includes('-----BEGIN ')) throw new TypeError(`status.${field}: expected PEM`);
  }
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new TypeError(`status.clientCertificateData and status.clientKeyData cannot be used: ${reason}`, { cause });
  }
}

function expiry(value: unknown): { expiresAt?: number } {
  if (value === undefined || value === null) return {};
  const time = typeof value === 'string' && Rfc3339.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(time)) throw new TypeError('status.expirationTimestamp: expected a time as in RFC 3339');
  return { expiresAt: time };
}

const Rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
