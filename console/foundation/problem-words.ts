import { type Fault, sayProblemsIn } from "../api/problem.ts";
import type { Problem } from "../api/types.ts";
import { formatNumber } from "./format.ts";
import { type German, saidBy, saidInBoth } from "./words.ts";

type FaultCode = NonNullable<NonNullable<Problem["errors"]>[number]["code"]>;

/** Those that only customers or programs meet are here as well: nobody knows what a page shows one day. */
export const GERMAN_PROBLEMS: German<Problem["code"]> = {
  "bad-request": "Die Anfrage ist nicht zu lesen.",
  "unsupported-version": "Diese Seite ist älter als der Server. Laden Sie sie neu.",
  "not-signed-in": "Dieser Chat ist nicht mehr angemeldet. Laden Sie die Seite neu, um neu zu beginnen.",
  "identity-required": "Dieser Chat ist für angemeldete Kunden.",
  "identity-refused": "Die Website konnte nicht bestätigen, wer der Kunde ist.",
  "identity-expired": "Die Bestätigung, wer der Kunde ist, ist abgelaufen.",
  "origin-refused": "Diese Website darf diesen Assistenten nicht benutzen.",
  "unknown-assistant": "Diesen Assistenten gibt es auf diesem Server nicht.",
  "unknown-conversation": "Dieses Gespräch gibt es nicht.",
  "unknown-approval": "Diese Frage nach einer Freigabe gibt es in diesem Gespräch nicht.",
  "unknown-call": "Diesen Aufruf gibt es in diesem Gespräch nicht.",
  "unknown-turn": "Diese Antwort gibt es in diesem Gespräch nicht.",
  "not-approver": "Darüber entscheidet das Team.",
  "second-person-needed": "Sie haben das schon freigegeben. Noch jemand muss es freigeben.",
  "not-rated": "Antworten werden hier nicht bewertet.",
  "already-decided": "Darüber ist schon entschieden.",
  "already-assigned": "Jemand anders war schneller.",
  "approval-expired": "Die Zeit zum Entscheiden ist vorbei. Nichts wurde getan.",
  "approval-changed": "Die Frage hat sich geändert, seit sie gezeigt wurde. Nichts wurde getan.",
  "person-answers": "Jemand anders antwortet in diesem Gespräch.",
  "not-joined": "Übernehmen Sie das Gespräch zuerst.",
  "no-people": "Hier kann niemand vom Team gerufen werden.",
  "draft-failed": "Der Assistent konnte keine Antwort entwerfen.",
  "scope-refused": "Das lässt sich nur einzeln freigeben.",
  "not-shown": "Die Einzelheiten dieses Aufrufs werden hier nicht gezeigt.",
  "too-long": "Die Nachricht ist zu lang.",
  "unknown-request": "Diese Frage gibt es in diesem Gespräch nicht.",
  "request-over": "Darauf wartet niemand mehr.",
  "unfit-answer": "Etwas im Formular stimmt nicht.",
  "unknown-connection": "Diese Anmeldung gibt es nicht.",
  "sign-in-unavailable": "Die Anmeldung des anderen Dienstes ist gerade nicht erreichbar.",
  unauthenticated: "Melden Sie sich an.",
  forbidden: "Das dürfen Sie nicht.",
  "not-found": "Hier ist nichts.",
  "method-not-allowed": "So lässt sich das hier nicht aufrufen.",
  "already-exists": "Das gibt es mit diesem Namen schon.",
  "in-use": "Es wird noch benutzt.",
  "read-only": "Das steht in der Konfigurationsdatei und lässt sich nur dort ändern.",
  "version-required": "Es fehlt, welche Fassung geändert wird. Laden Sie die Seite neu.",
  "version-changed": "Jemand hat das inzwischen geändert. Sehen Sie es noch einmal an.",
  "key-reused": "Dieselbe Anfrage kam schon einmal mit anderem Inhalt.",
  "request-unfinished":
    "Eine frühere Anfrage wurde begonnen, und wie sie ausging, ist nicht bekannt. Sehen Sie nach, ehe Sie sie wiederholen.",
  "unsupported-media": "Diese Form von Inhalt nimmt der Server nicht.",
  "too-large": "Die Anfrage ist zu groß.",
  "last-admin": "Mindestens ein Admin muss sich anmelden können.",
  "link-over": "Dieser Link wurde schon benutzt oder ist abgelaufen.",
  invalid: "Etwas darin stimmt nicht.",
  "server-unusable": "Der MCP-Server ist nicht zu benutzen.",
  "rate-limited": "Das war zu oft in kurzer Zeit. Warten Sie etwas.",
  "too-many-attempts": "Zu viele Anmeldungen sind in kurzer Zeit gescheitert. Warten Sie etwas.",
  busy: "Gerade ist viel los. Versuchen Sie es gleich noch einmal.",
  stopping: "Der Server startet neu. Versuchen Sie es gleich noch einmal.",
  internal: "Auf dem Server ist etwas schiefgegangen.",
};

export const GERMAN_FAULTS: German<FaultCode, number> = {
  missing: "Füllen Sie das aus.",
  "wrong-type": "Hier passt diese Art von Wert nicht.",
  "not-one-of": "Wählen Sie eines, das angeboten wird.",
  "unknown-field": "Dieses Feld gibt es hier nicht.",
  "too-short": (limit) => `Mindestens ${formatNumber(limit)} Zeichen.`,
  "too-long": (limit) => `Höchstens ${formatNumber(limit)} Zeichen.`,
  "too-few": (limit) => (limit === 1 ? "Mindestens ein Eintrag ist nötig." : `Mindestens ${formatNumber(limit)} Einträge sind nötig.`),
  "too-many": (limit) => (limit === 1 ? "Höchstens ein Eintrag ist möglich." : `Höchstens ${formatNumber(limit)} Einträge sind möglich.`),
  "too-small": (limit) => `Die Zahl ist zu klein: mindestens ${formatNumber(limit)}.`,
  "too-big": (limit) => `Die Zahl ist zu groß: höchstens ${formatNumber(limit)}.`,
  "not-an-address": "Das ist keine Adresse. Sie beginnt mit https://.",
  "not-a-website": "Das ist keine Website. Sie sieht aus wie https://shop.example, ohne Pfad.",
  "not-an-email": "Das ist keine E-Mail-Adresse.",
  "secret-again": "Die Adresse hat sich geändert: Geben Sie den Wert noch einmal ein, oder entfernen Sie ihn.",
  "key-again": "Der Schlüssel ginge jetzt an einen anderen Anbieter oder eine andere Adresse: Geben Sie ihn noch einmal ein.",
  "unreadable-name": "Der Name muss lesbar sein: ohne Zeilenumbrüche und ohne Zeichen, die den Text um ihn drehen oder verbergen.",
  "name-taken": "Diesen Namen gibt es schon. Wählen Sie einen anderen.",
  "email-taken": "Eine andere Person hat diese Adresse schon.",
  "no-such-assistant": "Diesen Assistenten gibt es nicht.",
  "no-such-person": "Diese Person gibt es nicht, oder sie ist gesperrt.",
  "in-the-past": "Dieser Zeitpunkt ist vorbei. Wählen Sie einen späteren.",
  "more-rights": "Das sind mehr Rechte, als Sie selbst haben.",
  "no-sign-in": "Bei diesem Server melden sich Kundinnen und Kunden nicht an.",
  "not-in-parameters": "Eine Vorlage hat einen Platzhalter, den es unter den Parametern nicht gibt.",
  "ends-before-it-begins": "Das Ende muss nach dem Anfang liegen.",
  "not-a-time-zone": "Diese Zeitzone gibt es nicht. Sie heißt zum Beispiel Europe/Berlin.",
  "no-picture": "Das ist kein PNG-, JPEG- oder WebP-Bild von höchstens 48 kB.",
  "unknown-variable": "Der Text hat eine Variable, die es nicht gibt.",
  "has-to-be-required": "Der Platzhalter steht in der Adresse, also muss der Parameter erforderlich sein.",
};

/** The server's sentences describe values to programs; these speak to whoever fills in a form. */
const ENGLISH_FAULTS: Partial<German<FaultCode, number>> = {
  missing: "Fill this in.",
  "wrong-type": "A value of this kind does not fit here.",
  "not-one-of": "Choose one of those that are offered.",
  "too-short": (limit) => `At least ${formatNumber(limit)} characters.`,
  "too-long": (limit) => `At most ${formatNumber(limit)} characters.`,
  "too-few": (limit) => (limit === 1 ? "Choose at least one." : `At least ${formatNumber(limit)} are needed.`),
  "too-many": (limit) => `At most ${formatNumber(limit)}.`,
  "too-small": (limit) => `The number is too small: at least ${formatNumber(limit)}.`,
  "too-big": (limit) => `The number is too large: at most ${formatNumber(limit)}.`,
  "unreadable-name": "The name has to be readable: without line breaks, and without characters that turn or hide the text around it.",
  "not-an-address": "This is no address. It begins with https://.",
  "not-a-website": "This is no website. It looks like https://shop.example, without a path.",
  "not-an-email": "This is no email address.",
};

/** From now on refusals are said in the page's language. */
export function sayProblems(): void {
  sayProblemsIn({
    title: (code, own) => saidBy(GERMAN_PROBLEMS, code, own, undefined),
    fault: ({ code, limit = 0, message }: Fault) => saidInBoth({ english: ENGLISH_FAULTS, german: GERMAN_FAULTS }, code, message, limit),
  });
}
