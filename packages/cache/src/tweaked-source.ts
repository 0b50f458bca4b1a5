import type { ListerWatcher, ListOptions } from '@client-ts/apimachinery';

/** Gives options that replace those of a list or a watch; it need not repeat the others. */
export type TweakListOptions = (options: ListOptions) => ListOptions;

/** The same source, asked with other options. */
export function tweakedSource<T>(source: ListerWatcher<T>, tweak: TweakListOptions | undefined): ListerWatcher<T> {
  if (!tweak) return source;
  const tweaked = <O extends ListOptions>(options = {} as O): O => ({ ...options, ...tweak(options) });
  return {
    list: (options) => source.list(tweaked(options)),
    ...(source.listItems ? { listItems: (options) => source.listItems!(tweaked(options)) } : {}),
    watch: (options) => source.watch(tweaked(options)),
    origin: source.origin,
  };
}
