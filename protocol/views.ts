/**
 * Views of tools (MCP Apps) on the customer line. A call whose `tool-call-proposed` has a `view` can be shown by a page
 * of its server: `view-open` says where it is and what it is given. What the view then asks of its host goes on this
 * line, each time with the `callId` of the call that it belongs to, and the server decides.
 *
 * Older servers refuse these requests as `bad-request`, and send no `view`.
 */
import * as z from "zod";
import { idSchema } from "./identifiers.ts";
import { utf8Bytes } from "./utf8-bytes.ts";

/** Of the arguments of one call of a view, as JSON in UTF-8. Look before you send: a larger frame ends the line. */
export const VIEW_INPUT_BYTES = 49_152;
/** Of what a view tells the model at once, as JSON in UTF-8. The model reads the first 8 kB of its texts. */
export const VIEW_CONTEXT_BYTES = 49_152;
/** Of the detail of one note; more is refused. */
export const VIEW_NOTE_CHARACTERS = 500;
const URI_CHARACTERS = 2_048;

/**
 * What a view did, or what became of it, as its host in the page saw it. `initialized`: it shook hands; `detail` names
 * it. `initialize-refused`: its `ui/initialize` does not fit, and `detail` says why. `not-started`: it never began within
 * the time. `failed`: the sandbox could not be loaded. `left`: it navigated away from itself, and is heard no more.
 * `link-…`: `detail` is the address. `message-…`: it asked to write in the customer's name; `detail` begins like its
 * text. `size`: it wants to be larger than it may. `mode`: the display mode that resulted. `log`: its own words.
 * `refused`: it asked the host in the page for what is not done here.
 */
export const viewNoteSchema = z.enum([
  "initialized",
  "initialize-refused",
  "not-started",
  "failed",
  "left",
  "link-asked",
  "link-opened",
  "link-declined",
  "message-asked",
  "message-sent",
  "message-declined",
  "size",
  "mode",
  "log",
  "refused",
]);
export type ViewNote = z.infer<typeof viewNoteSchema>;

const jsonObject = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "expected an object",
);

/** As JSON in UTF-8. */
function fits(most: number): (value: unknown) => boolean {
  return (value) => utf8Bytes(JSON.stringify(value) ?? "") <= most;
}

/** The call whose view it is. */
const ofView = { conversationId: idSchema, callId: idSchema } as const;

export const viewRequestSchemas = {
  /** As often as the view is drawn, and once more when the call has ended, for its result. Calls no tool. */
  "view-open": z.object(ofView),
  /**
   * Calls a tool of the view's own server. `requestId` is the client's: the same again is not called twice, and gets the
   * same end. The call is in the journal, with an id of the server's and `byView`. A person may have to approve it first,
   * on a card in the thread; the reply waits as long.
   */
  "view-call": z.object({
    ...ofView,
    requestId: idSchema,
    name: z.string().min(1).max(256),
    arguments: jsonObject.refine(fits(VIEW_INPUT_BYTES), `expected at most ${VIEW_INPUT_BYTES} bytes`).default({}),
  }),
  /** A resource of the view's own server. */
  "view-read": z.object({ ...ofView, uri: z.string().min(1).max(URI_CHARACTERS) }),
  /**
   * What the model shall know of the view with the customer's next message. It replaces what the view said before; with
   * neither, that is taken back. MCP's content blocks: texts are read, others only named.
   */
  "view-context": z
    .object({ ...ofView, content: z.array(z.unknown()).max(64).optional(), structuredContent: jsonObject.optional() })
    .refine(fits(VIEW_CONTEXT_BYTES), `expected at most ${VIEW_CONTEXT_BYTES} bytes`),
  /** For the staff's trace. */
  "view-note": z.object({ ...ofView, what: viewNoteSchema, detail: z.string().max(VIEW_NOTE_CHARACTERS).optional() }),
} as const;

/** A result in MCP's own shape, as views read it. */
export interface ViewToolResult {
  readonly content: readonly Readonly<Record<string, unknown>>[];
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  readonly isError?: boolean;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

/** Where a view may load from and send to besides itself: what is in force, in MCP Apps' words. */
export interface ViewCsp {
  readonly connectDomains?: readonly string[];
  readonly resourceDomains?: readonly string[];
  readonly frameDomains?: readonly string[];
  readonly baseUriDomains?: readonly string[];
}

/**
 * What the sandbox's document itself tells the page, from its own origin and before anything of the view: that it is
 * there; and that the view has left its frame, and is heard no more. No view can say these, nor be told anything whose
 * name begins like theirs.
 */
export const SANDBOX_READY = "ui/notifications/sandbox-proxy-ready";
export const SANDBOX_VIEW_LEFT = "ui/notifications/sandbox-view-left";

export interface OpenedView {
  /**
   * The sandbox's document with the view in it, for the `src` of a frame with `sandbox="allow-scripts allow-same-origin
   * allow-forms"`; good for five minutes, and for the page that asked. Messages go to and come from its origin.
   */
  readonly url: string;
  /** The tool as its server lists it, in MCP's own shape, for `hostContext.toolInfo`. */
  readonly tool: Readonly<Record<string, unknown>>;
  /** The arguments that ran, or will: what a person changed, and what the server filled in, is in them. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Present once the call has ended with a result; `isError` where it failed. */
  readonly result?: ViewToolResult;
  /** The call ended without a result, and why, in a sentence: `tool-cancelled`. */
  readonly cancelled?: string;
  readonly csp: ViewCsp;
  /** Granted, in MCP Apps' words; for the frame's `allow`. Camera, microphone and place are never. */
  readonly permissions: { readonly clipboardWrite?: Readonly<Record<string, never>> };
  /** Absent: the view does not say. */
  readonly prefersBorder?: boolean;
}

export interface ViewReplies {
  "view-open": OpenedView;
  /** A refusal is a `view-refused` with a sentence in `detail`; a tool that failed is a result with `isError`. */
  "view-call": { readonly result: ViewToolResult };
  /** MCP's `contents`. */
  "view-read": { readonly contents: readonly Readonly<Record<string, unknown>>[] };
  "view-context": Record<string, never>;
  "view-note": Record<string, never>;
}
