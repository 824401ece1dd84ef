import type { Store } from "../../server/conversation/ports/store.ts";

/** A store that counts what is read from it. */
export interface WatchedStore {
  readonly store: Store;
  /** Bytes of everything that was read. */
  bytes(): number;
  /** How often the whole result was read. */
  wholes(): number;
}

export function watchStore(store: Store): WatchedStore {
  let bytes = 0;
  let wholes = 0;
  const watched = new Proxy(store, {
    get(target, key) {
      const method: unknown = Reflect.get(target, key);
      if (typeof method !== "function") return method;
      return async (...values: unknown[]) => {
        const found: unknown = await method.apply(target, values);
        if (key === "readResult") wholes += 1;
        bytes += JSON.stringify(found)?.length ?? 0;
        return found;
      };
    },
  });
  return { store: watched, bytes: () => bytes, wholes: () => wholes };
}
