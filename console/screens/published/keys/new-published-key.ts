import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import type { CreatePublishedKeyAnswer, PublishedKey, RotatePublishedKeyAnswer } from "../../../api/types.ts";
import { Form } from "../../../foundation/form.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { router } from "../../../foundation/router.ts";
import { copyField } from "../../../parts/copy-field.ts";
import { ask, showDialog } from "../../../parts/dialogs.ts";
import { choiceField, focusFirstFault, lastDayField, textField } from "../../../parts/fields.ts";
import { saveBar } from "../../../parts/save-bar.ts";
import { holdKey } from "./held-key.ts";
import { keysWords } from "./keys-words.ts";

type Made = CreatePublishedKeyAnswer | RotatePublishedKeyAnswer;

/** Asks for a new key. Undefined: none was made. Whoever asks shows it. */
export async function makeKey(server: string): Promise<Made | undefined> {
  return madeIn(keysWords.make, (done) => html`<desk-new-published-key .server=${server} @made=${done}></desk-new-published-key>`);
}

/** A new key in the place of one. */
export async function rotateKey(server: string, key: PublishedKey): Promise<Made | undefined> {
  return madeIn(
    keysWords.rotateTitle(key.name),
    (done) => html`<desk-rotate-published-key .server=${server} .keyId=${key.id} @made=${done}></desk-rotate-published-key>`,
  );
}

async function madeIn(title: string, draw: (done: (event: CustomEvent<Made>) => void) => unknown): Promise<Made | undefined> {
  let made: Made | undefined;
  await showDialog(title, (close) => {
    const done = ({ detail }: CustomEvent<Made>): void => {
      made = detail;
      close();
    };
    return html`${draw(done)}`;
  });
  return made;
}

/** For whoever leaves a key that nobody has copied. */
export async function askAboutKey(): Promise<boolean> {
  const { closeTitle: title, closeText: text, closeAnyway: confirm, closeNot: cancel } = keysWords;
  return ask({ title, text, confirm, cancel, isDangerous: true });
}

/** Shows a key, once, and leads on to the instructions with it. */
export async function showKey(server: string, { name, key }: Made): Promise<void> {
  let isCopied = false;
  let isGoing = false;
  await showDialog(
    keysWords.of(name),
    (close) => {
      const go = (): void => {
        isGoing = true;
        close();
      };
      return html`<p>${keysWords.shownOnce}</p>
        ${copyField(keysWords.key, key, () => (isCopied = true))}
        <div class="actions"><button type="button" class="primary" data-begins @click=${go}>${keysWords.connect}</button></div>`;
    },
    { mayClose: () => isCopied || isGoing || askAboutKey() },
  );
  if (!isGoing) return;
  holdKey({ server, name, key, isCopied });
  await router.go(`/published-servers/${server}/connect`);
}

interface KeyForm {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number;
}

@customElement("desk-new-published-key")
export class DeskNewPublishedKey extends PageElement {
  @property() server = "";
  readonly #form = new Form<KeyForm>(this, { name: "" });

  override render() {
    const form = this.#form;
    return html`<form novalidate @submit=${(event: Event) => void this.#send(event)}>
      ${textField(form, { path: "/name", label: keysWords.name, hint: keysWords.nameHint, autofocus: true })}
      ${lastDayField(form, { path: "/expiresAt", label: keysWords.expires })}
      ${saveBar(form, { label: keysWords.button, drawn: (path) => path === "/name" || path === "/expiresAt", isNew: true })}
    </form>`;
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const path = `/published-servers/${this.server}/keys`;
    const answer = await form.submit(async () => (await api.create<CreatePublishedKeyAnswer>(path, form.whole())).body);
    if (answer === undefined) return focusFirstFault(this);
    this.dispatchEvent(new CustomEvent("made", { detail: answer }));
  }
}

const HOUR_MS = 60 * 60_000;
const OVERLAPS = { none: 0, hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const;
type Overlap = keyof typeof OVERLAPS;

@customElement("desk-rotate-published-key")
export class DeskRotatePublishedKey extends PageElement {
  @property() server = "";
  @property() keyId = "";
  readonly #form = new Form<{ readonly overlap: Overlap }>(this, { overlap: "day" });

  override render() {
    const form = this.#form;
    return html`<form novalidate @submit=${(event: Event) => void this.#send(event)}>
      <p>${keysWords.rotateText}</p>
      ${choiceField(form, {
        path: "/overlap",
        label: keysWords.overlap,
        options: (Object.keys(OVERLAPS) as Overlap[]).map((value) => [value, keysWords.overlaps[value]] as const),
      })}
      ${saveBar(form, { label: keysWords.rotateButton, drawn: () => false, isNew: true })}
    </form>`;
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const path = `/published-servers/${this.server}/keys/${this.keyId}/rotate`;
    const overlapMs = OVERLAPS[form.get("/overlap") as Overlap];
    const answer = await form.submit(async () => (await api.post<RotatePublishedKeyAnswer>(path, { overlapMs })).body);
    if (answer !== undefined) this.dispatchEvent(new CustomEvent("made", { detail: answer }));
  }
}
