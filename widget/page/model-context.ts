import { toJson } from "../native/to-json.ts";
import type { PageTool } from "./page-tool.ts";

/** What we use of `document.modelContext` (WebMCP, a draft), in browsers and in what stands in for it. */
export interface ModelContext extends EventTarget {
  getTools(): Promise<readonly ContextTool[]> | readonly ContextTool[];
  executeTool(tool: ContextTool, input: unknown, options: { readonly signal: AbortSignal }): Promise<unknown>;
}

/** What we use of it to offer tools ourselves. */
export interface OfferingContext {
  registerTool(tool: PageTool, options: { readonly signal: AbortSignal }): Promise<void> | void;
}

export interface ContextTool {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema?: unknown;
  readonly annotations?: unknown;
  readonly origin?: string;
}

export function modelContext(): ModelContext | undefined {
  const found = (document as { readonly modelContext?: Partial<ModelContext> }).modelContext;
  return typeof found?.getTools === "function" && typeof found.executeTool === "function" ? (found as ModelContext) : undefined;
}

export function offeringContext(): OfferingContext | undefined {
  const found = (document as { readonly modelContext?: Partial<OfferingContext> }).modelContext;
  return typeof found?.registerTool === "function" ? (found as OfferingContext) : undefined;
}

/**
 * Runs a tool of the page once. Browsers take the arguments as an object, others as JSON: an object that is JSON where
 * it is read as a text serves both. One that takes nothing but a text says so with a `TypeError` before it runs anything,
 * and is asked again; where the tool was begun, or its arguments were read, it never is.
 */
export async function executeOnce(
  context: ModelContext,
  tool: ContextTool,
  input: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<unknown> {
  const text = toJson(input);
  let isBegun = false;
  const hidden = (value: () => unknown): PropertyDescriptor => ({
    value: () => {
      isBegun = true;
      return value();
    },
  });
  const given = Object.defineProperties({ ...input }, { toString: hidden(() => text), toJSON: hidden(() => input) });
  const begun = (): void => void (isBegun = true);
  context.addEventListener("toolactivated", begun);
  try {
    return await context.executeTool(tool, given, { signal });
  } catch (error) {
    if (!(error instanceof TypeError) || isBegun || signal.aborted) throw error;
    return await context.executeTool(tool, text, { signal });
  } finally {
    context.removeEventListener("toolactivated", begun);
  }
}
