import { html, type TemplateResult } from "lit";
import { may } from "../foundation/screen.ts";
import { showDialog } from "../parts/dialogs.ts";
import { NAVIGATION } from "./pages.ts";
import { shellWords } from "./shell-words.ts";

/** What the keys do. */
export async function openKeys(): Promise<void> {
  const keys = [
    [["⌘ K", "Ctrl K"], shellWords.keyPalette],
    [["?"], shellWords.keyHelp],
    [["j", "k", "↑", "↓"], shellWords.keyRows],
    [["/"], shellWords.keySearch],
    ...(may("conversations.read")
      ? ([
          [["o"], shellWords.keyOpen],
          [["a"], shellWords.keyTake],
          [["e"], shellWords.keyClose],
          [["r"], shellWords.keyReply],
        ] as const)
      : []),
    [["⌘ S", "Ctrl S"], shellWords.keySave],
  ] as const;
  await showDialog(
    shellWords.keys,
    () =>
      html`<dl class="pairs">
        ${keys.map(([pressed, does]) => line(html`${pressed.map((key) => html`<kbd>${key}</kbd> `)}`, does))}
        ${NAVIGATION.filter(({ action }) => action === undefined || may(action)).map(({ key, label }) =>
          line(html`<kbd>g</kbd> ${shellWords.keyThen} <kbd>${key}</kbd>`, shellWords.keyGo(label)),
        )}
      </dl>`,
  );
}

function line(keys: TemplateResult, does: string): TemplateResult {
  return html`<div>
    <dt>${keys}</dt>
    <dd>${does}</dd>
  </div>`;
}
