import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { PageCallFrame } from "../../../protocol/page-tools.ts";
import type { PageTool } from "../../page/page-tool.ts";
import type { OwnHost } from "../../page/own-tools.ts";
import type { PageTools } from "../../page/page-tools.ts";
import type { ThreadController } from "../../controllers/thread-controller.ts";

type PageHost = OwnHost & ReactiveControllerHost & { readonly pageTools: string | undefined };

/** Where tools of the page, and for it, have their place. What offers them is loaded with the first one. */
export class PageSlot implements ReactiveController {
  readonly #host: PageHost;
  readonly #thread: () => ThreadController;
  #isOffering = false;
  #tools: Promise<PageTools> | undefined;

  constructor(host: PageHost, thread: () => ThreadController) {
    this.#host = host;
    this.#thread = thread;
    host.addController(this);
  }

  async register(tool: PageTool, signal: AbortSignal | undefined): Promise<void> {
    (await this.#load()).register(tool, signal);
  }

  /** What the owner lets the widget offer itself. */
  hostUpdated(): void {
    if (this.#isOffering || !this.#host.offerTools || !("modelContext" in document)) return;
    this.#isOffering = true;
    import("../../page/own-tools.ts").then(
      ({ OwnTools }) => new OwnTools(this.#host, this.#thread()),
      () => {},
    );
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
