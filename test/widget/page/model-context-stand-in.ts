import type { ContextTool, ModelContext, OfferingContext } from "../../../widget/page/model-context.ts";
import type { PageTool } from "../../../widget/page/page-tool.ts";

/** `object`: as Chromium 156. `text`: takes nothing but a text. `coerced text`: makes a text of whatever it is given. */
export type Shape = "object" | "text" | "coerced text";

/** `document.modelContext` of a page. Its tools say what they were given; `broken` throws a `TypeError` after it ran. */
export class ModelContextStandIn extends EventTarget implements ModelContext, OfferingContext {
  readonly tools: ContextTool[] = [];
  readonly ran: string[] = [];
  readonly registered = new Map<string, PageTool>();
  /** Registrations of a name that was there. */
  refused = 0;
  looked = 0;
  readonly #shape: Shape;

  constructor(shape: Shape) {
    super();
    this.#shape = shape;
  }

  registerTool(tool: PageTool, { signal }: { readonly signal: AbortSignal }): void {
    if (this.registered.has(tool.name)) {
      this.refused += 1;
      throw new DOMException("There is one of this name.", "InvalidStateError");
    }
    this.registered.set(tool.name, tool);
    signal.addEventListener("abort", () => this.registered.delete(tool.name), { once: true });
  }

  async getTools(): Promise<readonly ContextTool[]> {
    this.looked += 1;
    return [...this.tools];
  }

  async executeTool({ name }: ContextTool, input: unknown): Promise<unknown> {
    const isText = typeof input === "string";
    if (this.#shape === "object" ? isText : this.#shape === "text" && !isText) throw new TypeError("The input has the wrong shape.");
    const given: unknown = JSON.parse(this.#shape === "object" ? JSON.stringify(input) : String(input));
    this.ran.push(name);
    if (name === "broken") throw new TypeError("broken");
    return JSON.stringify({ got: given });
  }
}
