import { words } from "../foundation/words.ts";

export const factWords = words(
  {
    fact: "What your website says",
    add: "Add",
    remove: (name: string) => `Remove ${name}`,
    unnamed: "the row without a name",
    verified: "Verified: your website says who this is.",
    filled: "filled in by your website",
    customerNamed: (name: string) => `Customer ${name}`,
  },
  {
    fact: "Was Ihre Website sagt",
    add: "Hinzufügen",
    remove: (name: string) => `${name} entfernen`,
    unnamed: "die Zeile ohne Namen",
    verified: "Bestätigt: Ihre Website sagt, wer das ist.",
    filled: "von Ihrer Website ausgefüllt",
    customerNamed: (name: string) => `Kunde ${name}`,
  },
);
