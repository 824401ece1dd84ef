import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import { BASE_PATH } from "../../api/base-path.ts";
import type { Assistant, AssistantSightings, AssistantState } from "../../api/types.ts";
import { Form } from "../../foundation/form.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { words } from "../../foundation/words.ts";
import { askToLeave } from "../../parts/dialogs.ts";
import { copyField } from "../../parts/copy-field.ts";
import { focusFirstFault, textField } from "../../parts/fields.ts";
import { icon } from "../../parts/icon.ts";
import { show } from "../../parts/states.ts";
import { ago, status } from "../../parts/status.ts";
import { toast } from "../../parts/toasts.ts";

const installWords = words(
  {
    site: "Address of your site",
    siteHint: "Any page of it. The assistant answers only on sites that are allowed here.",
    example: "https://shop.example",
    allow: "Allow this site",
    allowed: "Allowed sites",
    nowAllowed: (origin: string) => `${origin} is allowed.`,
    noAddress: "Write a whole address, such as https://shop.example.",
    tag: "The line for your page",
    tagHint: "Paste it into the HTML of each page, before the end of its body.",
    waiting: "Waiting for the first page. Open your page with the line in it; this turns green by itself.",
    seen: (origin: string) => `Seen on ${origin}`,
    refused: (origin: string) => `${origin} was turned away`,
    scriptOnly: (origin: string) => `${origin} loaded the script`,
    inFile: "This assistant is declared in the configuration file. Its sites are changed there.",
  },
  {
    site: "Adresse Ihrer Website",
    siteHint: "Irgendeine Seite davon. Der Assistent antwortet nur auf Websites, die hier erlaubt sind.",
    example: "https://shop.example",
    allow: "Diese Website erlauben",
    allowed: "Erlaubte Websites",
    nowAllowed: (origin: string) => `${origin} ist erlaubt.`,
    noAddress: "Schreiben Sie eine ganze Adresse, zum Beispiel https://shop.example.",
    tag: "Die Zeile für Ihre Seite",
    tagHint: "Setzen Sie sie in das HTML jeder Seite, vor das Ende des body.",
    waiting: "Es wird auf die erste Seite gewartet. Öffnen Sie Ihre Seite mit der Zeile darin; das hier wird von selbst grün.",
    seen: (origin: string) => `Gesehen auf ${origin}`,
    refused: (origin: string) => `${origin} wurde abgewiesen`,
    scriptOnly: (origin: string) => `${origin} hat das Skript geladen`,
    inFile: "Dieser Assistent steht in der Konfigurationsdatei. Seine Websites werden dort geändert.",
  },
);

const FRESH_MS = 3_000;

/** The line for a site's pages, the sites that may have it, and which pages came. */
@customElement("desk-install")
export class DeskInstall extends PageElement {
  @property() assistantKey = "";
  readonly #form = new Form(this, { site: "" }, { mayLeave: askToLeave });
  #version: string | undefined;
  readonly #assistant = new Resource<AssistantState>(this, { load: async (signal) => this.#load(signal) });
  readonly #sightings = new Resource<AssistantSightings>(this, {
    load: async (signal) => (await api.get<AssistantSightings>(`/assistants/${this.assistantKey}/sightings`, { signal })).body,
    everyMs: FRESH_MS,
  });

  async #load(signal: AbortSignal): Promise<AssistantState> {
    const { body, version } = await api.get<AssistantState>(`/assistants/${this.assistantKey}`, { signal });
    this.#version = version;
    return body;
  }

  override render() {
    const tag = `<script async src="${location.origin}${BASE_PATH}/frontdesk.js" data-assistant="${this.assistantKey}"></script>`;
    return html`${show(this.#assistant, (assistant) => this.#sites(assistant))} ${copyField(installWords.tag, tag)}
      <p class="muted">${installWords.tagHint}</p>
      ${show(this.#sightings, (sightings) => pages(sightings))}`;
  }

  #sites({ allowedOrigins, source }: AssistantState): TemplateResult {
    const sites = allowedOrigins.filter((origin) => origin !== location.origin);
    const list =
      sites.length === 0 ? nothing : html`<p>${installWords.allowed}: ${sites.map((origin) => html`<code>${origin}</code> `)}</p>`;
    if (source === "file")
      return html`<p class="muted">${installWords.inFile}</p>
        ${list}`;
    const { site, siteHint: hint, example: placeholder } = installWords;
    return html`<form @submit=${(event: Event) => void this.#allow(event, allowedOrigins)}>
      ${textField(this.#form, { path: "/site", label: site, hint, placeholder })}
      <p><button ?disabled=${this.#form.isSending}>${installWords.allow}</button></p>
      ${list}
    </form>`;
  }

  async #allow(event: Event, before: readonly string[]): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const typed = form.text("/site").trim();
    const address = URL.canParse(typed) ? typed : `https://${typed}`;
    if (/^$|\s/.test(typed) || !URL.canParse(address) || new URL(address).origin === "null") {
      form.refuse([{ path: "/site", message: installWords.noAddress }]);
      return this.#toFault();
    }
    const { origin } = new URL(address);
    // Until a site came, our own page stood in for it.
    const allowedOrigins = [...before.filter((other) => other !== location.origin && other !== origin), origin];
    const path = `/assistants/${this.assistantKey}`;
    const saved = await form.submit(async () => api.patch<Assistant>(path, { allowedOrigins }, this.#version));
    if (saved === undefined) {
      if (form.problem !== undefined) form.refuse([{ path: "/site", message: form.problem.message }]);
      return this.#toFault();
    }
    form.reset();
    await this.#assistant.reload();
    toast(installWords.nowAllowed(origin));
    this.querySelector<HTMLElement>(".copy-field button")?.focus();
  }

  async #toFault(): Promise<void> {
    await this.updateComplete;
    focusFirstFault(this);
  }
}

function pages({ seen, refused, scriptOnly }: AssistantSightings): TemplateResult {
  const others = seen.filter(({ own }) => !own);
  return html`<div aria-live="polite">
    ${others.map(({ origin, lastSeen }) => html`<p>${status("good", installWords.seen(origin), lastSeen)}</p>`)}
    ${refused.map(({ origin, detail, lastSeen }) => trouble(installWords.refused(origin), detail, lastSeen))}
    ${scriptOnly.map(({ origin, detail, lastSeen }) => trouble(installWords.scriptOnly(origin), detail, lastSeen))}
    ${others.length + refused.length + scriptOnly.length === 0 ? html`<p>${status("busy", installWords.waiting)}</p>` : nothing}
  </div>`;
}

function trouble(title: string, detail: string, at: number): TemplateResult {
  return html`<div class="note" data-tone="warning">
    ${icon("warning")}
    <div><strong>${title}</strong> <span class="muted">${ago(at)}</span><br />${detail}</div>
  </div>`;
}
