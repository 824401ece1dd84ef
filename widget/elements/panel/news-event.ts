import type { ThreadNews } from "../../controllers/thread-news.ts";
import {
  FrontDeskAnswerEvent,
  FrontDeskApprovalEvent,
  FrontDeskConnectionEvent,
  FrontDeskErrorEvent,
  FrontDeskMessageEvent,
  FrontDeskQuestionEvent,
} from "./front-desk-events.ts";

/** Tells the page what happened in the thread, where there is a public event for it. */
export function dispatchNews(host: EventTarget, news: ThreadNews): void {
  const event = newsEvent(news);
  if (event) host.dispatchEvent(event);
}

function newsEvent(news: ThreadNews): Event | undefined {
  switch (news.kind) {
    case "message":
      return new FrontDeskMessageEvent(news.messageId, news.text);
    case "answer": {
      const { turnId, status, parts } = news.turn;
      const text = parts.flatMap((part) => (part.kind === "text" && part.text !== "" ? [part.text] : [])).join("\n\n");
      return new FrontDeskAnswerEvent(turnId, status === "stopped" || status === "failed" ? status : "done", text);
    }
    case "person": {
      const { event } = news;
      return event.type === "reply-sent" ? new FrontDeskAnswerEvent(event.messageId, "done", event.text) : undefined;
    }
    case "card": {
      const { card, call } = news;
      if (card.type === "approval-requested") return new FrontDeskApprovalEvent(card.approvalId, card.status, call.tool.title);
      return card.type === "input-requested"
        ? new FrontDeskQuestionEvent(card.requestId, card.status, card.serverName)
        : new FrontDeskConnectionEvent(card.requestId, card.status, card.serverName);
    }
    case "error":
      return new FrontDeskErrorEvent(news.error);
  }
}
