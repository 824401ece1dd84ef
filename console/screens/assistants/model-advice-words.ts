import type { ModelTest } from "../../api/types.ts";
import { type German, saidInBoth } from "../../foundation/words.ts";

/** What a test of a model advises. */
export const GERMAN_MODEL_ADVICE: German<ModelTest["adviceCodes"][number], ModelTest> = {
  "correct-settings": "Verbessern Sie die Einstellungen des Modells, wie die Ursache es sagt.",
  "rate-limited": "Der Anbieter begrenzt, wie oft er gefragt wird. Warten Sie, oder erhöhen Sie die Grenze des Kontos.",
  overloaded: "Der Anbieter kann gerade nicht antworten. Prüfen Sie es in einigen Minuten noch einmal.",
  "prompt-too-long": "Der Anbieter sagt, dass sogar diese kurze Frage zu lang ist. Verkleinern Sie „Längster Schritt“.",
  "content-filter": "Der Filter des Anbieters lehnt die Worte des Tests ab. Prüfen Sie, welcher Filter dort gesetzt ist.",
  "broke-off":
    "Die Antwort brach ab. Prüfen Sie es noch einmal; bricht sie wieder ab, dann sehen Sie in das Protokoll des Modellservers oder des Proxys davor.",
  unreachable: "Prüfen Sie die Adresse der API, ob der Modellserver läuft und ob ihn dieser Rechner erreichen darf.",
  "vllm-parser": "Starten Sie vLLM mit --enable-auto-tool-choice und dem --tool-call-parser dieses Modells.",
  "model-with-tools": "Wählen Sie ein Modell, das Werkzeuge benutzen kann.",
  "llama-jinja": "Starten Sie den Server von llama.cpp mit --jinja.",
  "fewer-tokens": "Verkleinern Sie „Längster Schritt“ auf das, was die Ursache nennt.",
  "no-credit": "Der Schlüssel stimmt, aber das Konto hat kein Guthaben. Laden Sie es beim Anbieter auf.",
  "unknown-key":
    "Der Anbieter kennt diesen Schlüssel nicht. Kopieren Sie den ganzen Schlüssel noch einmal, und prüfen Sie, ob er von diesem Anbieter ist und noch gilt.",
  "key-not-allowed":
    "Der Schlüssel ist bekannt, darf das aber nicht. Prüfen Sie seine Rechte, sein Projekt und die Adressen und Regionen, auf die er beschränkt ist.",
  "no-such-model": "Mit diesem Schlüssel gibt es dieses Modell nicht. Prüfen Sie seinen Namen, und ob das Konto es benutzen darf.",
  "address-not-allowed": "Nennen Sie die Adresse unter network.allowPrivate in der Konfigurationsdatei, und starten Sie den Server neu.",
  "unreadable-call":
    "Es schrieb den Aufruf in seinen Text, und so ist er nicht zu lesen. Starten Sie den Modellserver mit einem Parser für die Aufrufe dieses Modells.",
  "no-call":
    "Es rief das Werkzeug nicht auf, um das es gebeten wurde. Wählen Sie ein Modell, das Werkzeuge benutzen kann, falls der Assistent welche hat.",
  "said-nothing": "Es sagte nichts, ehe seine Tokens aufgebraucht waren. Denkt es zuerst nach, dann erhöhen Sie „Längster Schritt“.",
  "calls-in-text":
    "Es schreibt seine Aufrufe in den Text. Sie werden gelesen; besser startet der Modellserver mit einem Parser für die Aufrufe dieses Modells.",
  slow: ({ exchanges }) =>
    `Bis zum ersten Byte vergingen ${Math.round(Math.max(0, ...exchanges.map(({ firstByteMs = 0 }) => firstByteMs)) / 1000)} s; so lange warten auch Kundinnen und Kunden.`,
  "no-stream": "Es sendet nicht stückweise: Kundinnen und Kunden sehen eine Antwort erst, wenn sie ganz da ist.",
  "tools-left-out": ({ learnt }) =>
    learnt.leftOutTools.length === 1
      ? "Sein Anbieter lehnt 1 der Werkzeuge ab; es wird weggelassen."
      : `Sein Anbieter lehnt ${learnt.leftOutTools.length} der Werkzeuge ab; sie werden weggelassen.`,
};

/** Where the server's own words are those of the API. */
const ENGLISH_MODEL_ADVICE: Partial<typeof GERMAN_MODEL_ADVICE> = {
  "correct-settings": "Correct the settings of the model as the cause says.",
  "prompt-too-long": "The provider says that even this short question is too long. Lower “Longest step”.",
  unreachable: "Check the address of the API, that the model server runs, and that this machine may reach it.",
  "fewer-tokens": "Lower “Longest step” to what the cause says.",
  "said-nothing": "It said nothing before its tokens were used up. If it thinks first, raise “Longest step”.",
  "tools-left-out": ({ learnt }) => {
    const count = learnt.leftOutTools.length;
    return count === 1
      ? "Its provider refuses 1 of the tools; it is left out."
      : `Its provider refuses ${count} of the tools; they are left out.`;
  },
};

/** What to do, the most important first, in the page's language. */
export function modelAdvice(test: ModelTest): readonly string[] {
  return test.advice.map((own, at) =>
    saidInBoth({ english: ENGLISH_MODEL_ADVICE, german: GERMAN_MODEL_ADVICE }, test.adviceCodes[at], own, test),
  );
}
