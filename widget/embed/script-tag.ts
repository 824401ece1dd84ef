/** What the pasted script tag says. */
export interface ScriptTag {
  /** Address of the script itself; everything else is beside it. */
  readonly address: string;
  /** Address of the server, with its path and without a slash at the end. */
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
  // `data-server`, or the folder of the script, pinned or not. A URL is not made where it is not needed: it is dear.
  const server = dataset["server"] ? new URL(dataset["server"], src).href : src.replace(/\/[^/?]*(\?.*)?$/, "");
  return { address: src, server: server.replace(/(\/v\/\w{16})?\/?$/, ""), attributes: dataset };
}
