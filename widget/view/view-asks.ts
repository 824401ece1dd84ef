import type { ViewNote } from "../../protocol/views.ts";
import { toJson } from "../native/to-json.ts";
import { BAD_PARAMS, isObject, REFUSED, ViewFault, type Params } from "./view-message.ts";

/** What a person is asked for a view. */
export type ViewQuestion = { readonly kind: "link"; readonly url: string } | { readonly kind: "message"; readonly text: string };

/** Who does what views ask for. */
export interface Asking {
  /** Whether the person wants it. `undefined`: they are not asked now. */
  readonly ask: (question: ViewQuestion) => Promise<boolean | undefined>;
  /** Sends the message that the person has agreed to. */
  readonly message: (text: string) => void;
  /** To the server, which decides. They reject with a sentence. */
  readonly callTool: (name: string, input: Params) => Promise<unknown>;
  readonly readResource: (uri: string) => Promise<unknown>;
  readonly tellModel: (said: { readonly content?: unknown[]; readonly structuredContent?: Params }) => Promise<unknown>;
  /** The display mode that results. */
  readonly display: (mode: unknown) => string;
}

type Note = (what: ViewNote, detail?: string) => void;

/** The longest address that people can be shown, and the longest message that they can be asked to send. */
const ADDRESS_CHARACTERS = 2_000;
const MESSAGE_CHARACTERS = 4_000;
/** Of what goes to the server at once, in UTF-8: the line takes no larger frames. */
const MOST_BYTES = 60_000;

/** What views may ask for, by method. */
export const asks: Readonly<Record<string, (params: Params, host: Asking, note: Note) => Promise<unknown>>> = {
  async "ui/open-link"({ url }, { ask }, note) {
    const address = webAddress(url);
    if (address === undefined) {
      note("refused", `ui/open-link ${String(url)}`);
      throw new ViewFault(BAD_PARAMS, "Only https addresses are opened.");
    }
    note("link-asked", address);
    const isWanted = await ask({ kind: "link", url: address });
    note(isWanted ? "link-opened" : "link-declined", address);
    return isWanted ? {} : { isError: true };
  },

  async "ui/message"({ content }, { ask, message }, note) {
    const text = textOf(content);
    if (text === undefined) throw new ViewFault(BAD_PARAMS, `A message is text, of at most ${MESSAGE_CHARACTERS} characters.`);
    note("message-asked", text);
    const isWanted = await ask({ kind: "message", text });
    note(isWanted ? "message-sent" : "message-declined", text);
    if (isWanted) message(text);
    return isWanted ? {} : { isError: true };
  },

  async "ui/update-model-context"({ content, structuredContent }, { tellModel }) {
    if (content !== undefined && !Array.isArray(content)) throw new ViewFault(BAD_PARAMS, "content is no list.");
    if (structuredContent !== undefined && !isObject(structuredContent)) throw new ViewFault(BAD_PARAMS, "structuredContent is no object.");
    const said = { ...(content ? { content: content as unknown[] } : {}), ...(structuredContent ? { structuredContent } : {}) };
    await tellModel(plain(said));
    return {};
  },

  async "tools/call"({ name, arguments: input = {} }, { callTool }) {
    if (typeof name !== "string" || !isObject(input))
      throw new ViewFault(BAD_PARAMS, "tools/call needs a name, and arguments that are an object.");
    return callTool(name, plain(input));
  },

  async "resources/read"({ uri }, { readResource }) {
    if (typeof uri !== "string") throw new ViewFault(BAD_PARAMS, "resources/read needs an address.");
    return readResource(uri);
  },

  async "ui/request-display-mode"({ mode }, { display }, note) {
    const shown = display(mode);
    note("mode", shown);
    return { mode: shown };
  },
};

/** As the browser would open it: letters of other scripts and marks that cannot be seen are spelled out. */
function webAddress(url: unknown): string | undefined {
  if (typeof url !== "string" || !URL.canParse(url)) return undefined;
  const { protocol, username, password, href } = new URL(url);
  return protocol === "https:" && !username && !password && href.length <= ADDRESS_CHARACTERS ? href : undefined;
}

/** More than one empty line, whatever white it is empty with. */
const BLANK_LINES = /\r?\n(?:[\p{White_Space}\u2800\u3164]*\n){2,}/gu;

/** One block, or several; nothing but text. */
function textOf(content: unknown): string | undefined {
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [content];
  const texts = blocks.map((block) =>
    isObject(block) && block["type"] === "text" && typeof block["text"] === "string" ? block["text"] : "",
  );
  // What pushes the rest out of sight, the person would not read.
  const text = texts.join("\n").replace(BLANK_LINES, "\n\n").trim();
  return texts.includes("") || text === "" || text.length > MESSAGE_CHARACTERS ? undefined : text;
}

/** As JSON has it. A message between windows can carry more than that. */
function plain<T extends object>(value: T): T {
  let text: string;
  try {
    text = toJson(value);
  } catch {
    throw new ViewFault(BAD_PARAMS, "This cannot be said as JSON.");
  }
  if (new TextEncoder().encode(text).length > MOST_BYTES) throw new ViewFault(REFUSED, `This is more than ${MOST_BYTES} bytes.`);
  return JSON.parse(text) as T;
}
