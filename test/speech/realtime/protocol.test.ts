/** That our events are the provider's: a mistake is a type error. What the fake says is typed by the same package. */
import type {
  RealtimeClientEvent,
  RealtimeServerEvent,
  ResponseCreateEventWithReferencesParam,
  SessionCreatedEvent,
} from "openai/resources/realtime/realtime";
import { expect, test } from "vitest";
import type * as z from "zod";
import type { SentEvent } from "../../../server/speech/realtime/client-events.ts";
import { readServerEvent, type serverEventSchema } from "../../../server/speech/realtime/server-events.ts";

type Taken = Exclude<RealtimeClientEvent, { type: "response.create" }> | ResponseCreateEventWithReferencesParam;
type Read = z.input<typeof serverEventSchema>;
type Said = Extract<RealtimeServerEvent, { type: Exclude<Read["type"], "session.created"> }>;
/** The package does not name when a session expires, which the provider says. */
type Created = SessionCreatedEvent & { session: { expires_at?: number } };

/** Whatever we say, the provider takes; whatever it says of what we read, we can read. */
const taken = (event: SentEvent): Taken => event;
const read = (event: Said | Created): Read => event;
/** Every type that we read is one of the provider's. */
const types = (type: Read["type"]): RealtimeServerEvent["type"] => type;

test("what is said to the provider, and read of it, has the types of its package", () => {
  expect(taken({ event_id: "one", type: "response.cancel" }).type).toBe("response.cancel");
  const error = { type: "error", event_id: "event_1", error: { type: "server_error", message: "No." } } as const;
  expect(readServerEvent(JSON.stringify(read(error)))).toEqual({ type: "error", error: { type: "server_error", message: "No." } });
  expect(types("response.done")).toBe("response.done");
});

test("what is new in the provider's words is passed over; what is no event is refused", () => {
  expect(readServerEvent('{"type":"response.something.new","event_id":"e","x":1}')).toBeUndefined();
  for (const text of ["", "{", "null", "[]", '{"kind":"x"}', '{"type":"response.output_audio.delta"}']) {
    expect(() => readServerEvent(text), text).toThrow();
  }
});
