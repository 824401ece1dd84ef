import { html } from "lit";
import { copyField } from "../../parts/copy-field.ts";
import { ask, showDialog } from "../../parts/dialogs.ts";
import { webhooksWords } from "./webhooks-words.ts";

/** Shows a secret, once: whoever has not copied it is asked before it is gone. */
export async function showSecret(name: string, secret: string): Promise<void> {
  let isCopied = false;
  const mayClose = (): boolean | Promise<boolean> =>
    isCopied ||
    ask({
      title: webhooksWords.closeTitle,
      text: webhooksWords.closeText,
      confirm: webhooksWords.closeAnyway,
      cancel: webhooksWords.closeNot,
      isDangerous: true,
    });
  await showDialog(
    webhooksWords.of(name),
    () =>
      html`<p>${webhooksWords.shownOnce}</p>
        ${copyField(webhooksWords.secret, secret, () => (isCopied = true))}
        <p class="muted">${webhooksWords.secretText}</p>`,
    { mayClose },
  );
}
