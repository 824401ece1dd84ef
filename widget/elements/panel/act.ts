import type { ThreadController } from "../../controllers/thread-controller.ts";
import type { Intent } from "../foundation/intents.ts";

/** Does what a person wants done. */
export function act(intent: Intent, thread: ThreadController): unknown {
  switch (intent.kind) {
    case "send":
      return thread.send(intent.text);
    case "draft":
      thread.draft = intent.text;
      return;
    case "stop":
      return thread.stop();
    case "retry":
      return thread.retry(intent.turnId);
    case "retry-message":
      return thread.retryMessage(intent.messageId);
    case "remove-message":
      return thread.removeMessage(intent.messageId);
    case "decide":
      return thread.decide(intent.decision);
  }
}
