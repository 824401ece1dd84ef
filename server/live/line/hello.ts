import { RequestError } from "../../../protocol/errors.ts";
import { keySchema } from "../../../protocol/identifiers.ts";
import { type HelloFrame, helloSchema, type WelcomeFrame } from "../../../protocol/frames.ts";
import { PROTOCOL_VERSION, SUPPORTED_VERSIONS } from "../../../protocol/version.ts";
import { type Assistant, peopleOf, type PeopleSettings } from "../../conversation/ports/assistant.ts";
import { voiceOfferOf } from "../../conversation/ports/voice.ts";
import { describeFaults } from "./frame-check.ts";
import type { LineSocket } from "./line-server.ts";

/** The hello that a socket begins with. Throws `RequestError` `bad-request` or `unsupported-version`. */
export function readHello(socket: LineSocket): HelloFrame {
  const parsed = helloSchema.safeParse(socket.handshake.auth);
  if (!parsed.success) throw new RequestError("bad-request", { detail: describeFaults(parsed.error) });
  const { version } = parsed.data;
  if (SUPPORTED_VERSIONS.includes(version)) return parsed.data;
  throw new RequestError("unsupported-version", { detail: `The page speaks ${version}, the server ${SUPPORTED_VERSIONS.join(", ")}.` });
}

/** A refusal that only the owner of the page can mend. `asked` is the assistant as the page wrote it, perhaps no key. */
export interface WrongPage {
  readonly reason: "origin-refused" | "unknown-assistant";
  readonly asked: string;
}

export function wrongPage(error: unknown, { handshake }: LineSocket): WrongPage | undefined {
  const { assistant: asked } = handshake.auth as { readonly assistant?: unknown };
  if (!(error instanceof RequestError) || typeof asked !== "string") return undefined;
  if (error.code === "origin-refused" || error.code === "unknown-assistant") return { reason: error.code, asked };
  // What is no key at all makes the whole hello a bad one.
  return error.code === "bad-request" && !keySchema.safeParse(asked).success ? { reason: "unknown-assistant", asked } : undefined;
}

/** The request that opened the socket. It is forgotten after the hello, so each socket says hello once. */
export function requestOf(socket: LineSocket): LineSocket["conn"]["request"] {
  const request = socket.conn.request as LineSocket["conn"]["request"] | null;
  if (request === null) throw new RequestError("bad-request", { detail: "This socket has already said hello. Open another one." });
  return request;
}

export function welcomeFrame(assistant: Assistant, { customer, token = "", newest }: LineSocket["data"], now: number): WelcomeFrame {
  const { key, name, greeting, starters, trace } = assistant;
  const people = peopleOf(assistant);
  const voice = voiceOfferOf(assistant.voice);
  return {
    version: PROTOCOL_VERSION,
    token,
    customerId: customer.id,
    ...(customer.claims.kind === "identified" ? { identified: true } : {}),
    ...(newest === undefined ? {} : { newest }),
    assistant: {
      key,
      name,
      ...(greeting === undefined ? {} : { greeting }),
      starters,
      trace,
      ...(people === undefined ? {} : { people: shownPeople(people) }),
      ...(assistant.feedback === false ? {} : { feedback: true }),
      ...(voice === undefined ? {} : { voice }),
    },
    limits: { messageCharacters: assistant.limits.messageCharacters },
    now,
  };
}

/** When they are there is the team's: the customer hears it when they ask. */
function shownPeople({ outside, takeContact }: PeopleSettings): NonNullable<WelcomeFrame["assistant"]["people"]> {
  return { takeContact, ...(outside === undefined ? {} : { outside }) };
}

/**
 * What is no longer needed would hold kilobytes per socket: the upgrade request with its headers, and copies of them.
 */
export function forgetHandshake(socket: LineSocket): void {
  socket.data.token = undefined;
  socket.data.newest = undefined;
  Object.assign(socket.conn, { request: null });
  Object.assign(socket, { handshake: undefined });
}
