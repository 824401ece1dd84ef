import { RequestError } from "../../../protocol/errors.ts";
import type { ParsedStaffRequest, StaffReplies, StaffRequestName } from "../../../protocol/staff-frames.ts";
import type { ShowsThoughts, StaffWatch } from "../../conversation/staff-watch.ts";
import type { Action } from "../../identity/staff/actions.ts";
import { INBOX_WATCHERS, type StaffSocket, watchersOf } from "./staff-line.ts";
import type { Watched } from "./watched.ts";

export interface StaffRequestPorts {
  readonly watch: Pick<StaffWatch, "open" | "page" | "typing">;
  readonly showsThoughts: ShowsThoughts;
  readonly watched: Watched;
}

export interface StaffRequest<N extends StaffRequestName> {
  /** Who may: as the REST API's operations have it. */
  readonly action: Action;
  /** Whether the reply may be megabytes: then it waits until the one before has left. */
  readonly largeReply?: true;
  readonly carryOut: (ports: StaffRequestPorts, socket: StaffSocket, frame: ParsedStaffRequest<N>) => Promise<StaffReplies[N]>;
}

/** Every request of the staff line, once its frame is parsed and its sender may ask. */
export const STAFF_REQUESTS: { readonly [N in StaffRequestName]: StaffRequest<N> } = {
  "conversation-open": {
    action: "conversations.read",
    largeReply: true,
    async carryOut({ watch, watched, showsThoughts }, socket, frame) {
      const { conversationId } = frame;
      const isNew = await watched.join(socket, conversationId);
      try {
        const opened = await watch.open(frame, showsThoughts);
        watched.opened(conversationId, opened.assistant);
        return { ...opened, people: watched.people(conversationId) };
      } catch (error) {
        if (isNew) await watched.leave(socket, conversationId);
        throw error;
      }
    },
  },
  "conversation-page": {
    action: "conversations.read",
    largeReply: true,
    carryOut: ({ watch, showsThoughts }, _socket, frame) => watch.page(frame, showsThoughts),
  },
  "conversation-leave": {
    action: "conversations.read",
    async carryOut({ watched }, socket, { conversationId }) {
      await watched.leave(socket, conversationId);
      return {};
    },
  },
  "inbox-watch": {
    action: "conversations.read",
    async carryOut(_ports, socket) {
      await socket.join(INBOX_WATCHERS);
      return {};
    },
  },
  "inbox-leave": {
    action: "conversations.read",
    async carryOut(_ports, socket) {
      await socket.leave(INBOX_WATCHERS);
      return {};
    },
  },
  presence: {
    action: "conversations.read",
    async carryOut({ watched }, socket, { conversationId, doing }) {
      requireWatching(socket, conversationId);
      watched.does(socket, conversationId, doing);
      return {};
    },
  },
  typing: {
    action: "conversations.write",
    async carryOut({ watch }, socket, frame) {
      requireWatching(socket, frame.conversationId);
      await watch.typing(socket.data.signIn.staff, frame);
      return {};
    },
  },
};

function requireWatching(socket: StaffSocket, conversationId: string): void {
  if (socket.rooms.has(watchersOf(conversationId))) return;
  throw new RequestError("bad-request", { detail: "Open the conversation first." });
}
