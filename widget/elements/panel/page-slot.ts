import type { PageCallFrame } from "../../../protocol/page-tools.ts";
import type { PageTool } from "../../page/page-tool.ts";
import type { PageThread, PageTools } from "../../page/page-tools.ts";

/** Where the page's tools have their place. What offers them is loaded with the first one. */
export class PageSlot {
  readonly #host: { readonly pageTools: string | undefined };
  readonly #thread: () => PageThread;
  #tools: Promise<PageTools> | undefined;

  constructor(host: { readonly pageTools: string | undefined }, thread: () => PageThread) {
    this.#host = host;
    this.#thread = thread;
  }

  async register(tool: PageTool, signal: AbortSignal | undefined): Promise<void> {
    (await this.#load()).register(tool, signal);
  }

  readonly welcomed = (): void => {
    const { pageTools } = this.#host;
    if (pageTools || this.#tools)
      this.#load().then(
        (tools) => tools.welcomed(pageTools),
        () => {},
      );
  };

  readonly told = (frame: PageCallFrame): void => void this.#tools?.then((tools) => tools.told(frame));

  #load(): Promise<PageTools> {
    return (this.#tools ??= import("../../page/page-tools.ts").then(({ PageTools }) => new PageTools(this.#thread())));
  }
}
