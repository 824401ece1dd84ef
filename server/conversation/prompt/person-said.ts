import type { EventOf } from "../../../protocol/events.ts";
import type { PromptMessage } from "../ports/model.ts";

/**
 * What a member of the staff did, as the model reads it. Replies are on the assistant's side, since that is where the
 * customer saw them, and say who wrote them.
 */
export function personMessage(event: EventOf<"person-joined" | "reply-sent" | "handed-back">): PromptMessage {
  const name = event.by.program === true ? undefined : event.by.name;
  const who = name === undefined ? "A member of the team" : `${name}, a member of the team,`;
  switch (event.type) {
    case "person-joined":
      return { role: "user", text: `(${who} joined the conversation. From here on they answered, and you were silent.)` };
    case "reply-sent":
      return { role: "assistant", text: `[${who} wrote:]\n${event.text}`, toolCalls: [] };
    case "handed-back": {
      const summary = event.summary === undefined ? "" : ` They say of it: ${event.summary}`;
      return {
        role: "user",
        text: `(${who} has left the conversation and handed it back to you. From here on you answer again, as yourself.${summary})`,
      };
    }
  }
}
