import { memoryShelf } from "../thread/shelf.ts";
import type { Shelf } from "../thread/shelf.ts";

/** A shelf in the browser's storage; one in memory where that is blocked (reading the property throws there). */
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
  return {
    read: (key) => storage.getItem(key) ?? undefined,
    write(key, text) {
      try {
        storage.setItem(key, text);
        return true;
      } catch {
        return false;
      }
    },
    remove: (key) => storage.removeItem(key),
    keys: (prefix) => Object.keys(storage).filter((key) => key.startsWith(prefix)),
    watch(changed) {
      const listen = (event: StorageEvent): void => {
        if (event.storageArea === storage && event.key !== null) changed(event.key);
      };
      addEventListener("storage", listen);
      return () => removeEventListener("storage", listen);
    },
  };
}
