import type { ThreadController } from "../../controllers/thread-controller.ts";
import type { Intent } from "../foundation/intents.ts";
import type { CallSlot } from "./call-slot.ts";

/** Does what a person wants done. */
export function act(intent: Intent, thread: ThreadController, call: CallSlot): unknown {
  switch (intent.kind) {
    case "send":
      return thread.send(intent.text, intent.view === undefined ? undefined : { view: intent.view });
    case "draft":
      thread.draft = intent.text;
      return;
    case "stop":
      call.desk?.hush();
      return thread.stop();
    case "call":
      return call.start();
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
