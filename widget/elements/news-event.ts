import type { ThreadNews } from "../controllers/thread-news.ts";
import { FrontDeskAnswerEvent, FrontDeskApprovalEvent, FrontDeskErrorEvent, FrontDeskMessageEvent } from "./front-desk-events.ts";

/** What the page is told of what happened in the thread. */
export function newsEvent(news: ThreadNews): Event {
  switch (news.kind) {
    case "message":
      return new FrontDeskMessageEvent(news.messageId, news.text);
    case "answer": {
      const { turnId, status, parts } = news.turn;
      const text = parts.flatMap((part) => (part.kind === "text" && part.text !== "" ? [part.text] : [])).join("\n\n");
      return new FrontDeskAnswerEvent(turnId, status === "stopped" || status === "failed" ? status : "done", text);
    }
    case "approval":
      return new FrontDeskApprovalEvent(news.approval.approvalId, news.approval.status, news.call.tool.title);
    case "error":
      return new FrontDeskErrorEvent(news.error);
  }
}
