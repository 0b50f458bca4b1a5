import { formatGroupVersion, type GroupVersionResource } from '@client-ts/apimachinery';

/** The server has no `scale` of a resource, or does not tell of it. */
export class NoScaleSubresourceError extends Error {
  override readonly name = 'NoScaleSubresourceError';
  readonly resource: GroupVersionResource;

  constructor(resource: GroupVersionResource) {
    const place = JSON.stringify(formatGroupVersion(resource));
    super(`could not find a scale subresource of ${JSON.stringify(resource.resource)} in ${place}`);
    this.resource = resource;
  }
}

/** Whether `err` is a `NoScaleSubresourceError` of this or another copy of the package. */
export function isNoScaleSubresource(err: unknown): err is NoScaleSubresourceError {
  return err instanceof Error && err.name === 'NoScaleSubresourceError';
}
