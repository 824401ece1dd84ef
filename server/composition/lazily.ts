/** Loads at the first call, and once; a load that failed is tried again the next time. */
export function lazily<T>(load: () => Promise<T>): Lazy<T> {
  let loading: Promise<T> | undefined;
  const get = (): Promise<T> => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return Object.assign(get, { ifLoaded: () => loading });
}

export interface Lazy<T> {
  (): Promise<T>;
  /** What was loaded, or is being loaded; undefined when nobody needed it yet. */
  readonly ifLoaded: () => Promise<T> | undefined;
}
