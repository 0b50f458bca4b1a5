import type { ObjectMeta } from '@client-ts/apimachinery';

/** `T`, with nothing in it that can be changed. */
export type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** What a cache holds: any object, whether or not its type lets it be changed. */
export interface CachedObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: DeepReadonly<ObjectMeta> | undefined;
}

/** `T`, with everything in it as it was before {@link DeepReadonly}. */
export type DeepMutable<T> = T extends readonly (infer Item)[]
  ? DeepMutable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: DeepMutable<T[Key]> }
    : T;
