// Sends one request with each config that is given as JSON, and ends as soon as nothing keeps the process busy.
import { readText } from '@client-ts/rest';
import { newTransport, type TransportOptions } from '@client-ts/transport';

const configs = JSON.parse(process.argv[2] ?? '[]') as (TransportOptions & { readonly url: string })[];
for (const { url, ...options } of configs) {
  const { body } = await newTransport(options).request({ method: 'GET', url: new URL(url), headers: {} });
  console.log(await readText(body));
}
