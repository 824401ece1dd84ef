import { memoryShelf } from "../thread/shelf.ts";
import type { Shelf } from "../thread/shelf.ts";

/**
 * A shelf in the browser's storage; one in memory where that is blocked (reading the property throws there). A page may
 * empty its storage at any time, or fill it: what was read or written here stays as long as this page does, unless
 * another tab takes it away.
 */
export function browserShelf(kind: "localStorage" | "sessionStorage"): Shelf {
  try {
    const storage = globalThis[kind];
    const probe = "frontdesk:probe";
    storage.setItem(probe, "");
    storage.removeItem(probe);
    return storageShelf(storage);
  } catch {
    return memoryShelf();
  }
}

function storageShelf(storage: Storage): Shelf {
  const known = memoryShelf();
  return {
    read(key) {
      const text = storage.getItem(key);
      if (text !== null) known.write(key, text);
      return known.read(key);
    },
    write(key, text) {
      known.write(key, text);
      try {
        storage.setItem(key, text);
        return true;
      } catch {
        return false;
      }
    },
    remove(key) {
      known.remove(key);
      storage.removeItem(key);
    },
    keys: (prefix) => [...Object.keys(storage).filter((key) => key.startsWith(prefix)), ...known.keys(prefix)],
    watch(changed) {
      const listen = ({ storageArea, key, newValue }: StorageEvent): void => {
        if (storageArea !== storage || key === null) return;
        // One that was emptied as a whole names no key.
        if (newValue === null) known.remove(key);
        changed(key);
      };
      addEventListener("storage", listen);
      return () => removeEventListener("storage", listen);
    },
  };
}
