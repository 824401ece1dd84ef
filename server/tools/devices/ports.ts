/** What devices need of whoever lets them in, and of whoever keeps what was accepted. `start/` joins them. */
import type { PinVerdict } from "../mcp/servers/ports.ts";
import type { ToolDefinition } from "../definitions/tool-definition.ts";

/** One open WebSocket. Texts come and go as whole frames. */
export interface DeviceSocket {
  /** Undefined: it took the text. Otherwise why it was not sent. */
  send(text: string): string | undefined;
  /** Whoever is there answers with `onPong`. */
  ping(): void;
  /** Says goodbye with a code and a sentence of at most 123 bytes; cuts the line where that is not answered. */
  close(code: number, reason: string): void;
  onText(heard: (text: string) => void): void;
  onPong(heard: () => void): void;
  /** Hears once that it is gone, whoever ended it; never before this returns, also where it is gone already. */
  onClose(heard: () => void): void;
}

/** Whose device it is, as its token says. */
export interface DeviceSeat {
  readonly assistant: string;
  /** `firstSeenAt`: when anything first came with it, in milliseconds since 1970. */
  readonly token: { readonly id: string; readonly name: string; readonly firstSeenAt: number };
  /** The network address that it came from. */
  readonly address: string;
}

/** What is accepted of the tools of an assistant's devices. */
export interface DevicePins {
  /** A device lists these, each by the name that it has here. Answers synchronously; writes behind. */
  observe(seat: DeviceSeat, tools: readonly ToolDefinition[]): ReadonlyMap<string, PinVerdict>;
}

/** A close with a code, and a sentence of at most 123 bytes, which clients' logs show whole. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** How devices are closed. */
export const CLOSED = {
  stopping: { code: 1001, reason: "Frontdesk is restarting. Connect again in a moment." },
  tokenUnknown: { code: 4401, reason: "The token in the address is missing, cut or of another server. Copy the whole Endpoint URL again." },
  endpointOff: { code: 4403, reason: "The endpoint of this assistant is switched off. Switch it on in the console." },
  assistantGone: { code: 4404, reason: "The assistant of this Endpoint URL no longer exists." },
  silent: { code: 4408, reason: "Nothing answered here for five minutes. Connect again." },
  neverStarted: { code: 4409, reason: "initialize was not answered within two minutes. Connect again." },
  revoked: { code: 4410, reason: "This token was revoked. Make a new one in the console." },
  rotated: { code: 4411, reason: "This token was replaced. Use the new Endpoint URL." },
  replaced: { code: 4412, reason: "The same device came back on a newer connection." },
  tooMany: { code: 4413, reason: "This assistant has too many devices connected." },
  unfit: { code: 4422, reason: "What answers here is not an MCP server: initialize was refused." },
  tooMuch: { code: 4429, reason: "This device sends too much in a short time." },
} as const satisfies Readonly<Record<string, Closing>>;
