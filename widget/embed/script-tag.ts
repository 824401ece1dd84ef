const COPIED = ["assistant", "id", "mode", "theme", "accent", "lang", "position", "label"];

/** What the pasted script tag says. */
export interface ScriptTag {
  /** Address of the script itself, beside which everything else lies. */
  readonly address: string;
  readonly server: string;
  /** Attributes for the element; without an assistant there is none to make. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** Reads the tag that runs now. A module does not know its tag: then it is the first one like it that was not read yet. */
export function readScriptTag(): ScriptTag | undefined {
  const running = document.currentScript as HTMLScriptElement | null;
  const tag =
    running ?? [...document.querySelectorAll<HTMLScriptElement>('script[type=module][src*="frontdesk"]')].find((other) => !read.has(other));
  if (!tag) return undefined;
  read.add(tag);
  const attributes = new Map<string, string>();
  for (const name of COPIED) {
    const value = tag.dataset[name];
    if (value) attributes.set(name, value);
  }
  return { address: tag.src, server: new URL(tag.dataset["server"] || "/", tag.src).origin, attributes };
}

const read = new WeakSet<HTMLScriptElement>();
