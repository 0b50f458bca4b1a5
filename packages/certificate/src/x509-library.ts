import type * as csr from '@peculiar/asn1-csr';
import type * as schema from '@peculiar/asn1-schema';
import type * as x509 from '@peculiar/asn1-x509';

/** The parts of the X.509 library: its structures, and how they are read and written. */
export type X509Library = Omit<typeof schema & typeof x509 & typeof csr, 'default'>;

let library: Promise<X509Library> | undefined;

/** Loads it with the first certificate that is made or looked into: that takes longer than the rest of the package. */
export function loadX509(): Promise<X509Library> {
  return (library ??= load());
}

async function load(): Promise<X509Library> {
  const parts = await Promise.all([
    import('@peculiar/asn1-schema'),
    import('@peculiar/asn1-x509'),
    import('@peculiar/asn1-csr'),
  ]);
  return Object.assign({}, ...parts) as X509Library;
}
