import { permissionOf } from "./ports/assistant.ts";
import type { Assistants } from "./ports/assistants.ts";
import { assistantName } from "./ports/store.ts";
import type { Deciding } from "./decisions/approval-decision.ts";

/** What the owner of a conversation's assistant allows for a tool at this moment. */
export function permissionNow(assistants: Pick<Assistants, "find">): Deciding["permission"] {
  return (conversation, { tool }) => {
    const assistant = assistants.find(assistantName(conversation));
    return assistant === undefined ? undefined : permissionOf(assistant, tool.server, tool.tool);
  };
}
