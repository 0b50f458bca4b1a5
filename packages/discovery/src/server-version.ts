/** What `/version` says. */
export interface ServerVersion {
  readonly major: string;
  readonly minor: string;
  /** Such as `v1.37.2`. */
  readonly gitVersion: string;
  readonly gitCommit?: string | undefined;
  /** `clean`, or `dirty` when it was built from changed files. */
  readonly gitTreeState?: string | undefined;
  readonly buildDate?: string | undefined;
  readonly goVersion?: string | undefined;
  readonly compiler?: string | undefined;
  /** Operating system and architecture, such as `linux/amd64`. */
  readonly platform?: string | undefined;
}
