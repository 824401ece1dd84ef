import { html, nothing, type TemplateResult } from "lit";
import type { Actor } from "../../../protocol/events.ts";
import { connectWords } from "../../words/connect-words.ts";
import { choiceStyles } from "../styles/choice.styles.ts";
import { deskMenuStyles } from "./desk-menu.styles.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";

export type Theme = "system" | "light" | "dark";
const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** How the menu looks. This module comes when the menu is first opened. */
export const menuStyles = [choiceStyles, deskMenuStyles];

interface MenuActs {
  readonly choose: (theme: Theme) => void;
  readonly connections: () => void;
  readonly talk: () => void;
}

/** What opens behind the header's menu button. While `person` answers, nobody has to be asked for. */
export function deskMenu(
  { words, people }: ThreadContext,
  theme: Theme,
  { choose, connections, talk }: MenuActs,
  person: Actor | undefined,
): TemplateResult {
  return html`<div class="menu" id="menu" part="menu">
    <fieldset>
      <legend>${words.theme}</legend>
      ${THEMES.map(
        (name) =>
          html`<label
            ><input type="radio" name="theme" .checked=${name === theme} @change=${() => choose(name)} />${words.themes[name]}</label
          >`,
      )}
    </fieldset>
    ${person || !people ? nothing : html`<button class="button" @click=${talk}>${words.talkToPerson}</button>`}
    <button class="button" @click=${connections}>${words.connections}</button>
  </div>`;
}

/** Shows the customer's connections over the panel until they go back; then `closed` is called. */
export async function openConnections(panel: Element, context: ThreadContext, closed: () => void): Promise<void> {
  const [{ FrontDeskConnections }] = await Promise.all([import("../cards/connect/connect-parts.ts"), connectWords.load(context.words)]);
  const view = new FrontDeskConnections();
  view.context = context;
  view.close = () => {
    view.remove();
    closed();
  };
  panel.append(view);
}

/** Without a line it is asked for again by whoever presses again. */
export async function askForPerson(context: ThreadContext): Promise<void> {
  await context.request("person-ask", {}).catch(() => {});
}
