import type { ThreadController } from "../../controllers/thread-controller.ts";
import { same } from "../../thread/same.ts";
import type { Speaking, ThreadContext } from "../foundation/thread-context.ts";

/**
 * What the thread's elements need of this thread; returns `before` while it says the same, because a new object has all
 * of them drawn anew.
 */
export function threadContextOf(
  thread: ThreadController,
  { words, formats }: Speaking,
  { label, server }: { readonly label: string | undefined; readonly server: string },
  before: ThreadContext | undefined,
): ThreadContext {
  const { assistant } = thread.state;
  const assistantName = label || assistant?.name || words.assistant;
  const trace = assistant?.trace ?? "hidden";
  const feedback = assistant?.feedback;
  const people = assistant?.people;
  if (
    before?.words === words &&
    before.assistantName === assistantName &&
    before.trace === trace &&
    before.feedback === feedback &&
    before.server === server &&
    same(before.people, people)
  )
    return before;
  return {
    words,
    formats,
    assistantName,
    trace,
    people,
    server,
    feedback,
    now: () => Date.now() + thread.state.clockOffsetMs,
    request: (name, frame) => thread.request(name, frame),
    loadOlder: () => thread.loadOlder(),
  };
}
