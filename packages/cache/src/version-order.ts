import { compareResourceVersion } from '@client-ts/apimachinery';

/** Whether a version can be compared with others of its resource (KEP-5504). */
export function isComparableVersion(version: string | undefined): version is string {
  return version !== undefined && /^[1-9][0-9]*$/.test(version);
}

/** Whether `version` is as new as `other`; false when that cannot be known. */
export function isAsNewAs(version: string | undefined, other: string | undefined): boolean {
  return isComparableVersion(version) && isComparableVersion(other) && compareResourceVersion(version, other) >= 0;
}

/** Whether `version` is newer than `other`; false when that cannot be known. */
export function isNewerThan(version: string | undefined, other: string | undefined): boolean {
  return isAsNewAs(version, other) && !isAsNewAs(other, version);
}
