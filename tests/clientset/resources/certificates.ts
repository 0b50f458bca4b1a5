import * as certificatesv1 from '@client-ts/api/certificates/v1';
import * as certificatesv1beta1 from '@client-ts/api/certificates/v1beta1';
import { row, Walk } from '../row.js';

/** A certificate request of CN=walk, and an authority of that name until 2126: Ed25519 keys that nobody has kept. */
export const request =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlHT01FSUNBUUF3RHpFTk1Bc0dBMVVFQXd3RWQyRnNhekFxTUFVR0F5dGxjQU' +
  '1oQU5CR0RWR1BRSmVsRSsyUQozR25iOHEzMG9lMzk4RnVkb1h4WVhXYXlTbjJOb0FBd0JRWURLMlZ3QTBFQUQ3cDM0WW9tV3puT3BjZTNXQlBs' +
  'ClFQYUlUb1JSVjZtenJBMUtIdndXUHh3VlA3VGk1US9WUGYzZExxYU5abHppS1FVYzJEK05nWkdWTUFxZ1FtOGsKQlE9PQotLS0tLUVORCBDRV' +
  'JUSUZJQ0FURSBSRVFVRVNULS0tLS0K';
const trustBundle = `-----BEGIN CERTIFICATE-----
MIIBNDCB56ADAgECAhQZiz7rK7jbrg/WuwVSNXvp7+lKpDAFBgMrZXAwDzENMAsG
A1UEAwwEd2FsazAgFw0yNjExMjUxNjA4MjhaGA8yMTI2MTEwMTE2MDgyOFowDzEN
MAsGA1UEAwwEd2FsazAqMAUGAytlcAMhAFMtn/GBqQCvTImubpdwSsESdGCkajJR
/fmvNj5o0Gneo1MwUTAdBgNVHQ4EFgQUyTKtcQunavePHqgcFPQ/XAzI/NkwHwYD
VR0jBBgwFoAUyTKtcQunavePHqgcFPQ/XAzI/NkwDwYDVR0TAQH/BAUwAwEB/zAF
BgMrZXADQQDbY3PJupyUS2/YnyyycvGKlHR4Zs2Y+SrdQpBFjA3T47q47/n50y9a
nj9PJPT0pov+ATkj6DKNPe2C6L6NUxYP
-----END CERTIFICATE-----
`;

const uid = 'c6f3a1e0-0000-4000-8000-000000000001';
const podCertificate = {
  nodeName: 'walk',
  nodeUID: uid,
  podName: 'walk',
  podUID: uid,
  serviceAccountName: 'walk',
  serviceAccountUID: uid,
  signerName: 'example.com/walk',
  stubPKCS10Request:
    'MIGOMEICAQAwDzENMAsGA1UEAwwEd2FsazAqMAUGAytlcAMhANBGDVGPQJelE+2Q3Gnb8q30oe398FudoXxYXWaySn2NoAAwBQYDK2VwA0EAD7' +
    'p34YomWznOpce3WBPlQPaIToRRV6mzrA1KHvwWPxwVP7Ti5Q/VPf3dLqaNZlziKQUc2D+NgZGVMAqgQm8kBQ==',
};

export const certificates = [
  row(
    certificatesv1.certificateSigningRequests,
    (c) => c.certificatesV1().certificateSigningRequests(),
    { spec: { request, signerName: 'example.com/walk', usages: ['client auth'] } },
    { without: { extract: 'nobody owns the spec: it never changes' } },
  ),
  row(certificatesv1.clusterTrustBundles, (c) => c.certificatesV1().clusterTrustBundles(), { spec: { trustBundle } }),
  row(certificatesv1beta1.clusterTrustBundles, (c) => c.certificatesV1beta1().clusterTrustBundles(), {
    spec: { trustBundle },
  }),
  row(certificatesv1.podCertificateRequests, (c) => c.certificatesV1().podCertificateRequests(Walk), {
    spec: podCertificate,
  }),
  row(certificatesv1beta1.podCertificateRequests, (c) => c.certificatesV1beta1().podCertificateRequests(Walk), {
    spec: podCertificate,
  }),
];
