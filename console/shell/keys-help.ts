import { html } from "lit";
import { showDialog } from "../parts/dialogs.ts";
import { shellWords } from "./shell-words.ts";

/** What the keys do. */
export async function openKeys(): Promise<void> {
  const keys = [
    ["⌘ K / Ctrl K", shellWords.keyPalette],
    ["?", shellWords.keyHelp],
    ["g …", shellWords.keyGo],
    ["j k ↑ ↓", shellWords.keyRows],
    ["/", shellWords.keySearch],
    ["⌘ S / Ctrl S", shellWords.keySave],
  ] as const;
  await showDialog(
    shellWords.keys,
    () =>
      html`<dl class="pairs">
        ${keys.map(
          ([key, does]) =>
            html`<div>
              <dt><kbd>${key}</kbd></dt>
              <dd>${does}</dd>
            </div>`,
        )}
      </dl>`,
  );
}
