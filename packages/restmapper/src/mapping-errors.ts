import { formatGroupVersion, type GroupVersionKind, type GroupVersionResource } from '@client-ts/apimachinery';
import type { PartialKind, PartialResource } from './rest-mapper.js';

/**
 * Nothing is known of a resource. When some groups could not be discovered, the `cause` says which: it may be there all the
 * same.
 */
export class NoResourceMatchError extends Error {
  override readonly name = 'NoResourceMatchError';
  readonly partialResource: PartialResource;

  constructor(partialResource: PartialResource, options?: ErrorOptions) {
    super(`no matches for ${describeResource(partialResource)}`, options);
    this.partialResource = partialResource;
  }
}

/**
 * Nothing is known of a kind. When some groups could not be discovered, the `cause` says which: it may be there all the same.
 */
export class NoKindMatchError extends Error {
  override readonly name = 'NoKindMatchError';
  readonly partialKind: PartialKind;
  /** Empty when any would have done. */
  readonly searchedVersions: readonly string[];

  constructor(partialKind: PartialKind, searchedVersions: readonly string[], options?: ErrorOptions) {
    super(`no matches for ${describeKind(partialKind, searchedVersions)}`, options);
    this.partialKind = partialKind;
    this.searchedVersions = searchedVersions;
  }
}

/** A resource may be one of several, or be of one of several kinds. */
export class AmbiguousResourceError extends Error {
  override readonly name = 'AmbiguousResourceError';
  readonly partialResource: PartialResource;
  readonly matchingResources: readonly GroupVersionResource[];
  readonly matchingKinds: readonly GroupVersionKind[];

  constructor(
    partialResource: PartialResource,
    matching: { resources?: readonly GroupVersionResource[]; kinds?: readonly GroupVersionKind[] },
  ) {
    const { resources = [], kinds = [] } = matching;
    const names = [...resources.map(describeResource), ...kinds.map((kind) => describeKind(kind, [kind.version]))];
    super(`${describeResource(partialResource)} matches ${names.length}: ${names.join(', ')}`);
    this.partialResource = partialResource;
    this.matchingResources = resources;
    this.matchingKinds = kinds;
  }
}

/** A kind may be one of several. */
export class AmbiguousKindError extends Error {
  override readonly name = 'AmbiguousKindError';
  readonly partialKind: PartialKind;
  readonly matchingKinds: readonly GroupVersionKind[];

  constructor(partialKind: PartialKind, matchingKinds: readonly GroupVersionKind[]) {
    const names = matchingKinds.map((kind) => describeKind(kind, [kind.version]));
    super(`${describeKind(partialKind, [])} matches ${names.length}: ${names.join(', ')}`);
    this.partialKind = partialKind;
    this.matchingKinds = matchingKinds;
  }
}

/** Whether `err` says that nothing is known of a resource. */
export function isNoResourceMatch(err: unknown): err is NoResourceMatchError {
  return err instanceof Error && err.name === 'NoResourceMatchError';
}

/** Whether `err` says that nothing is known of a kind. */
export function isNoKindMatch(err: unknown): err is NoKindMatchError {
  return err instanceof Error && err.name === 'NoKindMatchError';
}

/** Whether `err` says that nothing is known of what was asked for, of this or another copy of the package. */
export function isNoMatch(err: unknown): err is NoResourceMatchError | NoKindMatchError {
  return isNoResourceMatch(err) || isNoKindMatch(err);
}

/** Whether `err` says that several answers are possible, of this or another copy of the package. */
export function isAmbiguous(err: unknown): err is AmbiguousResourceError | AmbiguousKindError {
  return err instanceof Error && (err.name === 'AmbiguousResourceError' || err.name === 'AmbiguousKindError');
}

// Names may be text of a server: they are quoted, so that control characters show.

function describeResource({ resource, group = '', version = '' }: PartialResource): string {
  const place = [group && ` in group ${JSON.stringify(group)}`, version && ` in version ${JSON.stringify(version)}`];
  return `resource ${JSON.stringify(resource)}${place.join('')}`;
}

function describeKind({ group, kind }: PartialKind, versions: readonly string[]): string {
  const places = versions.map((version) => JSON.stringify(formatGroupVersion({ group, version })));
  const name = `kind ${JSON.stringify(kind)}`;
  if (places.length === 0) return `${name} in group ${JSON.stringify(group)}`;
  return places.length === 1 ? `${name} in version ${places[0]}` : `${name} in versions ${places.join(' ')}`;
}
