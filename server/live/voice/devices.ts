import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import * as z from "zod";
import { RequestError } from "../../../protocol/errors.ts";
import { idSchema, keySchema } from "../../../protocol/identifiers.ts";
import type { Clock } from "../../foundation/clock.ts";
import { addressOf } from "../../guard/network/address.ts";
import { mayDo, type Staff } from "../../identity/staff/actions.ts";
import type { CallTicket } from "../../voice/call-tickets.ts";

export interface DevicesPorts {
  /** Who a request comes from. Throws `RequestError` `too-many-attempts`. */
  readonly authenticate: (request: IncomingMessage) => Promise<Staff | undefined>;
  readonly trustedProxies: number;
  readonly clock: Pick<Clock, "id">;
}

const querySchema = z.object({
  assistant: keySchema,
  /** The conversation that goes on. Absent: a new one. */
  conversation: idSchema.optional(),
  /** Which of the devices with this key it is. */
  device: idSchema.default("the-device"),
  /** A call that goes on, within 10 s of its line's end. Absent: a new one. */
  call: idSchema.optional(),
});

/** Whether it is a program or a device, which shows a key: a page has none. */
export function isDevice({ headers }: IncomingMessage): boolean {
  return headers.authorization !== undefined && headers.origin === undefined;
}

/**
 * The call of a device that shows an API key, as the REST API takes it. Its conversations are those of this device.
 * Throws `RequestError` `unauthenticated`, `forbidden`, `bad-request`.
 */
export async function deviceTicket(request: IncomingMessage, ports: DevicesPorts): Promise<CallTicket> {
  const staff = await ports.authenticate(request);
  if (staff === undefined) throw new RequestError("unauthenticated");
  if (!mayCall(staff)) throw new RequestError("forbidden");
  const query = Object.fromEntries(new URL(request.url ?? "/", "http://desk").searchParams);
  const parsed = querySchema.safeParse(query);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new RequestError("bad-request", { detail: `The query's ${issue?.path.join(".")}: ${issue?.message}.` });
  }
  const { assistant, conversation, device, call } = parsed.data;
  const { clock, trustedProxies } = ports;
  const id = createHash("sha256")
    .update(JSON.stringify([staff.id, assistant, device]))
    .digest("base64url");
  return {
    caller: {
      id: `device_${id.slice(0, 40)}`,
      assistant,
      sessionId: device,
      address: addressOf(request, trustedProxies),
      via: "device",
      checkKey: async () => {
        if (!mayCall(await ports.authenticate(request)))
          throw new RequestError("unauthenticated", { detail: "The device's key is not good any more, or may not call." });
      },
    },
    conversationId: conversation ?? clock.id(),
    voiceCallId: call ?? clock.id(),
    takeOver: true,
  };
}

function mayCall(staff: Staff | undefined): boolean {
  return staff !== undefined && mayDo(staff, "conversations.write");
}
