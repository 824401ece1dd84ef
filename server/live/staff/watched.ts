import { RequestError } from "../../../protocol/errors.ts";
import type { Presence } from "../../../protocol/staff-frames.ts";
import { Presences } from "./presences.ts";
import { type StaffLine, type StaffSocket, watchersOf } from "./staff-line.ts";

/** Conversations that one socket may watch at once. */
const MOST_WATCHED = 50;

/** The conversations that staff watch at this moment: their assistants, and who is there. */
export class Watched {
  readonly #io: StaffLine;
  readonly #presences = new Presences();
  /** By conversation, while somebody watches it. */
  readonly #assistants = new Map<string, string>();

  constructor(io: StaffLine) {
    this.#io = io;
    io.of("/").adapter.on("delete-room", (room: string) => {
      if (room.startsWith(watchersOf(""))) this.#assistants.delete(room.slice(watchersOf("").length));
    });
  }

  assistantOf(conversationId: string): string | undefined {
    return this.#assistants.get(conversationId);
  }

  people(conversationId: string): readonly Presence[] {
    return this.#presences.of(conversationId);
  }

  /** Whether the socket watched it not yet. Throws `RequestError` `rate-limited`. */
  async join(socket: StaffSocket, conversationId: string): Promise<boolean> {
    const room = watchersOf(conversationId);
    if (socket.rooms.has(room)) return false;
    if ([...socket.rooms].filter((one) => one.startsWith(watchersOf(""))).length >= MOST_WATCHED)
      throw new RequestError("rate-limited", { detail: `One connection may watch ${MOST_WATCHED} conversations. Leave one first.` });
    await socket.join(room);
    return true;
  }

  /** After `join`, once it is known whose the conversation is. */
  opened(conversationId: string, assistant: string): void {
    if (this.#io.of("/").adapter.rooms.has(watchersOf(conversationId))) this.#assistants.set(conversationId, assistant);
  }

  async leave(socket: StaffSocket, conversationId: string): Promise<void> {
    this.does(socket, conversationId, "nothing");
    await socket.leave(watchersOf(conversationId));
  }

  does(socket: StaffSocket, conversationId: string, doing: Presence["doing"] | "nothing"): void {
    const { kind, id, name } = socket.data.signIn.staff;
    const who = { id, name, ...(kind === "key" ? { program: true as const } : {}) };
    const isNews =
      doing === "nothing" ? this.#presences.delete(conversationId, socket.id) : this.#presences.set(conversationId, socket.id, who, doing);
    if (isNews) this.#tell(conversationId);
  }

  /** The socket is going: it is still in its rooms. */
  going(socket: StaffSocket): void {
    for (const room of socket.rooms) {
      if (!room.startsWith(watchersOf(""))) continue;
      const conversationId = room.slice(watchersOf("").length);
      if (this.#presences.delete(conversationId, socket.id)) this.#tell(conversationId);
    }
  }

  #tell(conversationId: string): void {
    this.#io.to(watchersOf(conversationId)).emit("presence", { conversationId, people: this.people(conversationId) });
  }
}
