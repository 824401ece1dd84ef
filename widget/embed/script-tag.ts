/** What the pasted script tag says. */
export interface ScriptTag {
  /** Address of the script itself; everything else is beside it. */
  readonly address: string;
  readonly server: string;
  /**
   * Attributes for the element: `data-theme="dark"` is its `theme="dark"`. Without an assistant there is none to make.
   */
  readonly attributes: Readonly<DOMStringMap>;
}

const read = new WeakSet<Element>();

/**
 * Reads the tag that runs now. A module does not know its tag: then it is the first one like it that was not read yet.
 */
export function readScriptTag(): ScriptTag | undefined {
  const tag =
    (document.currentScript as HTMLScriptElement | null) ??
    [...document.querySelectorAll<HTMLScriptElement>("[type=module][src*=frontdesk]")].find((other) => !read.has(other));
  if (!tag) return undefined;
  read.add(tag);
  const { src, dataset } = tag;
  return { address: src, server: new URL(dataset["server"] ?? "/", src).origin, attributes: dataset };
}
