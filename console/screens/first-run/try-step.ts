import { html, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api, type Page } from "../../api/client.ts";
import type { Assistant, Conversation, Event as JournalEvent, OpenPreviewAnswer } from "../../api/types.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { router } from "../../foundation/router.ts";
import { may } from "../../foundation/screen.ts";
import { show } from "../../parts/states.ts";
import { status, type Tone } from "../../parts/status.ts";
import { tryStepWords as said } from "./first-run-words.ts";
import { hiddenShown } from "./hidden-shown.ts";

/** The widget, as customers get it, in a frame; beside it, what the assistant does. */
@customElement("desk-try-step")
export class DeskTryStep extends PageElement {
  @property({ attribute: false }) assistant: Assistant | undefined;
  /** The one in which it was tried last, as far as this person may read it. */
  @property({ attribute: false }) conversation: Conversation | undefined;
  readonly #preview = new Resource<OpenPreviewAnswer>(this, {
    load: async (signal) => (await api.post<OpenPreviewAnswer>(`/assistants/${this.assistant?.key}/preview`, {}, { signal })).body,
  });
  readonly #events = new Resource<readonly JournalEvent[]>(this, { load: async (signal) => this.#load(signal) });

  override updated(changed: PropertyValues<this>): void {
    const before = changed.get("conversation");
    const now = this.conversation;
    if (now !== undefined && (now.id !== before?.id || now.events !== before?.events)) void this.#events.reload();
  }

  async #load(signal: AbortSignal): Promise<readonly JournalEvent[]> {
    if (this.conversation === undefined) return [];
    const { body } = await api.get<Page<JournalEvent>>(`/conversations/${this.conversation.id}/events`, { query: { limit: 200 }, signal });
    return body.items;
  }

  override render() {
    const name = this.assistant?.name ?? "";
    return html`<p>${said.intro}</p>
      <div class="try">
        ${show(
          this.#preview,
          ({ assistant }) =>
            html`<iframe title=${said.frame(name)} src=${router.href("/preview", { assistant })} @load=${opened}></iframe>`,
          () => html`<div class="try-frame"></div>`,
        )}
        <section class="try-told" aria-labelledby="try-told">
          <h3 id="try-told">${said.what}</h3>
          ${may("conversations.read") ? this.#told() : html`<p class="muted">${said.ownerHint}</p>`}
        </section>
      </div>`;
  }

  #told(): TemplateResult {
    const lines = (this.#events.value ?? []).flatMap(lineOf);
    return html`<ol class="told" aria-live="polite">
      ${lines.length === 0 ? html`<li class="muted">${said.nothing}</li>` : lines}
    </ol>`;
  }
}

/** Opens the chat, so that nobody has to look for its button in the frame. */
function opened(event: Event): void {
  const { contentDocument } = event.currentTarget as HTMLIFrameElement;
  contentDocument?.querySelector<HTMLElement & { open?: () => void }>("front-desk")?.open?.();
}

const OUTCOMES: Readonly<Record<keyof typeof said.ended, Tone>> = {
  ok: "good",
  failed: "bad",
  cancelled: "neutral",
  unknown: "warning",
  refused: "neutral",
};

interface Told extends JournalEvent {
  readonly text?: string;
  readonly outcome?: keyof typeof OUTCOMES;
  readonly tool?: { readonly title: string };
  readonly callId?: string;
}

/** A line for what people want to know; the rest of the journal is left out. */
function lineOf(event: JournalEvent, _index: number, all: readonly JournalEvent[]): readonly TemplateResult[] {
  const told = event as Told;
  const toolOf = (): string => {
    const proposed = (all as readonly Told[]).find(({ type, callId }) => type === "tool-call-proposed" && callId === told.callId);
    return hiddenShown(proposed?.tool?.title ?? "");
  };
  switch (told.type) {
    case "message-received":
      return [html`<li>${said.asked(told.text ?? "")}</li>`];
    case "approval-requested":
      return [html`<li>${status("warning", said.waits(toolOf()))}</li>`];
    case "tool-call-ended": {
      const outcome = told.outcome ?? "failed";
      return [html`<li>${status(OUTCOMES[outcome], said.called(toolOf()))} <span class="muted">${said.ended[outcome]}</span></li>`];
    }
    case "turn-ended":
      return [html`<li>${told.outcome === "failed" ? status("bad", said.failed) : status("good", said.answered)}</li>`];
    case "turn-started":
      return all.some((other) => other.type === "turn-ended" && other["turnId"] === told["turnId"])
        ? []
        : [html`<li>${status("busy", said.running)}</li>`];
    default:
      return [];
  }
}
