import * as z from "zod";
import { RequestError } from "../../protocol/errors.ts";
import type { ParsedRequest, Replies, RequestName } from "../../protocol/frames.ts";
import type { OpenedView, ViewReplies } from "../../protocol/views.ts";
import { ResourceError, type Tool } from "../conversation/ports/tools.ts";
import type { OfView, ViewCustomer, ViewDesk } from "../conversation/views/view-desk.ts";
import type { Clock } from "../foundation/clock.ts";
import type { AddressSeal } from "../guard/secrets/address-seal.ts";
import { NoViewPageError, type ViewPage, type ViewPages } from "./view-pages.ts";

export type ViewRequestName = keyof ViewReplies;

export function isViewRequest(name: RequestName): name is ViewRequestName {
  return name.startsWith("view-");
}

/** Who asks, and on which page: its origin, such as `https://shop.example`. */
export interface ViewVisitor {
  readonly customer: ViewCustomer;
  readonly origin: string;
}

/** The document that a token names. */
export interface SandboxedView extends ViewPage {
  readonly title: string;
  /** The origin of the one page that may show it, and that it speaks with. */
  readonly host: string;
}

export interface ViewGatePorts {
  readonly desk: ViewDesk;
  readonly seal: AddressSeal;
  readonly pages: ViewPages;
  /** The sandbox's origin. Undefined: there is none. */
  readonly sandbox: () => string | undefined;
  readonly clock: Pick<Clock, "now">;
}

const contentSchema = z.object({
  conversationId: z.string(),
  callId: z.string(),
  uri: z.string(),
  customerId: z.string(),
  assistant: z.string(),
  sessionId: z.string(),
  host: z.string(),
  until: z.number(),
});

const GOOD_MS = 5 * 60_000;

/** The one way by which the views in customers' pages reach anything. It lets in by name; the desk decides. */
export class ViewGate {
  readonly #ports: ViewGatePorts;

  constructor(ports: ViewGatePorts) {
    this.#ports = ports;
  }

  async serve<N extends ViewRequestName>(visitor: ViewVisitor, name: N, request: ParsedRequest<N>): Promise<Replies[N]>;
  async serve(visitor: ViewVisitor, name: ViewRequestName, request: never): Promise<Replies[ViewRequestName]> {
    const { desk, sandbox } = this.#ports;
    const { customer } = visitor;
    const url = sandbox();
    if (url === undefined) throw new RequestError("no-view");
    switch (name) {
      case "view-open":
        return this.#open(visitor, url, request);
      case "view-call":
        return { result: await desk.call(customer, request) };
      case "view-read":
        return { contents: (await desk.read(customer, request)).map((one) => ({ ...one })) };
      case "view-context":
        await desk.tell(customer, request);
        return {};
      case "view-note":
        await desk.note(customer, request);
        return {};
    }
  }

  /** Undefined: the token is none, is over, or what it names may not be shown any more. */
  async find(token: string): Promise<SandboxedView | undefined> {
    const { desk, seal, clock } = this.#ports;
    const content = contentIn(seal.open(token));
    if (content === undefined || content.until <= clock.now()) return undefined;
    const { customerId: id, assistant, sessionId, conversationId, callId, uri, host } = content;
    try {
      const tool = await desk.tool({ id, assistant, sessionId }, { conversationId, callId });
      if (tool.view?.uri !== uri) return undefined;
      return { ...(await this.#page({ conversationId, callId }, tool)), title: tool.reference.title, host };
    } catch (error) {
      if (error instanceof RequestError || error instanceof ResourceError || error instanceof NoViewPageError) return undefined;
      throw error;
    }
  }

  async #open({ customer, origin }: ViewVisitor, url: string, { conversationId, callId }: OfView): Promise<OpenedView> {
    const { desk, seal, clock } = this.#ports;
    const of = { conversationId, callId };
    if (!isOrigin(origin) || origin === url) throw new RequestError("no-view", { detail: "The page has no origin of its own." });
    const { tool, input, result, cancelled } = await desk.open(customer, of);
    const { meta } = await this.#pageOrNoted(customer, of, tool);
    if (meta.leftOut.length > 0) await desk.note(customer, { ...of, what: "opened", detail: `Not given: ${meta.leftOut.join(", ")}` });
    const { id: customerId, assistant, sessionId } = customer;
    const content = { ...of, uri: tool.view?.uri ?? "", customerId, assistant, sessionId, host: origin, until: clock.now() + GOOD_MS };
    return {
      url: `${url}/view?t=${seal.seal(JSON.stringify(content satisfies z.input<typeof contentSchema>))}`,
      tool: toolInfo(tool),
      input,
      ...(result === undefined ? {} : { result }),
      ...(cancelled === undefined ? {} : { cancelled }),
      csp: meta.csp,
      permissions: meta.clipboardWrite ? { clipboardWrite: {} } : {},
      ...(meta.prefersBorder === undefined ? {} : { prefersBorder: meta.prefersBorder }),
    };
  }

  #page({ conversationId, callId }: OfView, { view }: Tool): Promise<ViewPage> {
    if (view === undefined) throw new RequestError("no-view");
    return this.#ports.pages.of(`${conversationId} ${callId}`, view);
  }

  /** What is wrong with the page is the staff's. */
  async #pageOrNoted(customer: ViewCustomer, of: OfView, tool: Tool): Promise<ViewPage> {
    try {
      return await this.#page(of, tool);
    } catch (error) {
      if (!(error instanceof ResourceError || error instanceof NoViewPageError)) throw error;
      await this.#ports.desk.note(customer, { ...of, what: "failed", detail: error.message });
      throw new RequestError("view-unavailable", error instanceof ResourceError ? { detail: error.said } : {});
    }
  }
}

/** The tool in MCP's own shape. */
function toolInfo({ reference, description, bound, inputSchema, outputSchema, annotations }: Tool): OpenedView["tool"] {
  return {
    name: reference.tool,
    title: reference.title,
    description,
    inputSchema: bound?.inputSchema ?? inputSchema,
    ...(outputSchema === undefined ? {} : { outputSchema }),
    ...(annotations === undefined ? {} : { annotations }),
  };
}

function contentIn(text: string | undefined): z.output<typeof contentSchema> | undefined {
  return text === undefined ? undefined : contentSchema.safeParse(JSON.parse(text)).data;
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text;
}
