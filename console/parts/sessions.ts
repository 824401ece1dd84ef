import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { StaffSession } from "../api/types.ts";
import { PageElement } from "../foundation/page-element.ts";
import { PagedList } from "../foundation/paged-list.ts";
import { words } from "../foundation/words.ts";
import { badge, ago } from "./status.ts";
import { show } from "./states.ts";
import { toast, toastFault } from "./toasts.ts";

const sessionWords = words(
  {
    title: "Sessions",
    none: "Not signed in anywhere.",
    unknown: "Unknown browser",
    on: (browser: string, system: string) => `${browser} on ${system}`,
    current: "this one",
    seen: "last seen",
    end: "End",
    endOthers: "End all others",
    endAll: "End all",
    ended: "The session has ended.",
    allEnded: "The sessions have ended.",
  },
  {
    title: "Sitzungen",
    none: "Nirgends angemeldet.",
    unknown: "Unbekannter Browser",
    on: (browser: string, system: string) => `${browser} auf ${system}`,
    current: "diese",
    seen: "zuletzt gesehen",
    end: "Beenden",
    endOthers: "Alle anderen beenden",
    endAll: "Alle beenden",
    ended: "Die Sitzung ist beendet.",
    allEnded: "Die Sitzungen sind beendet.",
  },
);

/** Where somebody is signed in, to be ended one by one. `path` is `/me/sessions`, or a person's. */
@customElement("desk-sessions")
export class DeskSessions extends PageElement {
  @property() path = "/me/sessions";
  readonly #sessions = new PagedList<StaffSession>(this, { from: () => ({ path: this.path }) });

  override render() {
    return html`<section class="group">
      <h2>${sessionWords.title}</h2>
      ${show(this.#sessions, ({ items }) =>
        items.length === 0
          ? html`<p class="muted">${sessionWords.none}</p>`
          : html`<ul class="plain-list">
                ${items.map(
                  (session) =>
                    html`<li>
                      <span
                        >${nameOf(session)} ${session.current ? badge(sessionWords.current, "good") : nothing}<br /><span class="muted"
                          >${sessionWords.seen} ${ago(session.lastSeenAt)}</span
                        ></span
                      >
                      ${session.current ? nothing : html`<button class="quiet" aria-label="${sessionWords.end}: ${nameOf(session)}" @click=${() => void this.#end(`/${session.id}`, sessionWords.ended)}>${sessionWords.end}</button>`}
                    </li>`,
                )}
              </ul>
              ${items.some(({ current }) => !current) ? html`<p><button @click=${() => void this.#end("", sessionWords.allEnded)}>${items.some(({ current }) => current) ? sessionWords.endOthers : sessionWords.endAll}</button></p>` : nothing}`,
      )}
    </section>`;
  }

  async #end(rest: string, said: string): Promise<void> {
    try {
      await api.delete(`${this.path}${rest}`);
      await this.#sessions.reload();
      toast(said);
    } catch (error) {
      toastFault(error);
    }
  }
}

function nameOf({ browser, system }: StaffSession): string {
  if (browser !== undefined && system !== undefined) return sessionWords.on(browser, system);
  return browser ?? system ?? sessionWords.unknown;
}
