import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import { BASE_PATH } from "../../api/base-path.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { me } from "../../foundation/screen.ts";
import { show } from "../../parts/states.ts";
import { toast, toastFault } from "../../parts/toasts.ts";
import { accountWords } from "./account-words.ts";

interface Shown {
  readonly picture?: string;
}

/** As large as customers ever see it, twice over for sharp screens. */
const SIDE = 160;

/** The picture that customers see beside one's replies. Whatever is chosen is cut to a square here, and made small. */
@customElement("desk-own-picture")
export class DeskOwnPicture extends PageElement {
  @state() private isSending = false;
  readonly #picture = new Resource<Shown>(this, { load: async (signal) => (await api.get<Shown>("/me/picture", { signal })).body });

  override render() {
    return html`<section class="group">
      <h2>${accountWords.picture}</h2>
      <p class="muted">${accountWords.pictureHint}</p>
      ${show(this.#picture, ({ picture }) => this.#shown(picture))}
    </section>`;
  }

  #shown(picture: string | undefined) {
    return html`<div class="own-picture">
      ${picture === undefined ? html`<span class="face" aria-hidden="true">${Array.from(me.self?.name ?? "")[0]}</span>` : html`<img class="face" src="${BASE_PATH}${picture}" alt=${accountWords.picture} />`}
      <div class="field">
        <label class="label" for="own-picture">${accountWords.choosePicture}</label>
        <input
          id="own-picture"
          type="file"
          accept="image/*"
          ?disabled=${this.isSending}
          @change=${(event: Event) => void this.#choose(event.currentTarget as HTMLInputElement)}
        />
      </div>
      ${picture === undefined ? nothing : html`<button class="quiet" @click=${() => void this.#remove()}>${accountWords.removePicture}</button>`}
    </div>`;
  }

  async #choose(input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    if (file === undefined) return;
    this.isSending = true;
    try {
      const picture = await squareOf(file);
      if (picture === undefined) return toast(accountWords.noPicture, { kind: "fault" });
      const { body } = await api.put<Shown>("/me/picture", { picture });
      this.#picture.set(body);
      toast(accountWords.pictureSaved);
    } catch (error) {
      toastFault(error);
    } finally {
      this.isSending = false;
      input.value = "";
    }
  }

  async #remove(): Promise<void> {
    try {
      await api.delete("/me/picture");
      this.#picture.set({});
      toast(accountWords.pictureRemoved);
    } catch (error) {
      toastFault(error);
    }
  }
}

/** The middle of a picture as a small square; undefined: it is none that the browser can read. */
async function squareOf(file: File): Promise<string | undefined> {
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (bitmap === undefined) return undefined;
  const side = Math.min(bitmap.width, bitmap.height);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const [x, y] = [(bitmap.width - side) / 2, (bitmap.height - side) / 2];
  canvas.getContext("2d")?.drawImage(bitmap, x, y, side, side, 0, 0, SIDE, SIDE);
  bitmap.close();
  return canvas.toDataURL("image/jpeg", 0.85);
}
