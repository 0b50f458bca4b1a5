import type { TlsConfig } from '@client-ts/rest';
import type { TlsSource } from '@client-ts/transport';
import type { CredentialSource, ExecCredential } from './exec-credential.js';

interface Given {
  readonly base: TlsConfig;
  readonly credential: ExecCredential;
  readonly tls: TlsConfig;
}

/**
 * The TLS identity that a plugin gives: `base` with its certificate, if any. A handshake that failed with a certificate is a
 * reason to ask the plugin once more, as it is for `base`.
 */
export function execTlsSource(plugin: CredentialSource, base: TlsConfig | TlsSource): TlsSource {
  let current: Given | undefined;
  return async ({ rejected, signal, onError }) => {
    const refused = rejected !== undefined && rejected === current?.tls ? current : undefined;
    const below = typeof base === 'function' ? await base({ rejected: refused?.base, signal, onError }) : base;
    const credential = await plugin.credential({
      signal,
      rejected: refused?.credential.cert === undefined ? undefined : refused.credential,
    });
    const { cert, key } = credential;
    const same = current?.base === below && current.credential.cert === cert && current.credential.key === key;
    if (current && same) return current.tls;
    current = { base: below, credential, tls: cert === undefined ? below : { ...below, cert, key } };
    return current.tls;
  };
}
