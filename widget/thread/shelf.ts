/** Where this browser keeps what has to survive a reload; shared by the tabs of one site. Never throws. */
export interface Shelf {
  read(key: string): string | undefined;
  /** Whether it was really kept: false if the storage is full or blocked. */
  write(key: string, text: string): boolean;
  remove(key: string): void;
  /** The keys that begin so; one may be named twice. */
  keys(prefix: string): readonly string[];
  /** Calls `changed` after another tab changed a key, until the returned function is called. */
  watch(changed: (key: string) => void): () => void;
}

/** A shelf that lives as long as the page: where the browser's storage is blocked. */
export function memoryShelf(): Shelf {
  const kept = new Map<string, string>();
  return {
    read: (key) => kept.get(key),
    write(key, text) {
      kept.set(key, text);
      return true;
    },
    remove: (key) => void kept.delete(key),
    keys: (prefix) => [...kept.keys()].filter((key) => key.startsWith(prefix)),
    watch: () => () => {},
  };
}
