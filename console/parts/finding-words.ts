import type { AssistantHealth, AssistantSightings, Connector } from "../api/types.ts";
import { formatList, formatNumber } from "../foundation/format.ts";
import { type German, saidBy, saidInBoth } from "../foundation/words.ts";
import { GERMAN_ADVICE, reasonSaid } from "./advice-words.ts";
import { signInWords } from "./sign-in-words.ts";

type Finding = AssistantHealth["findings"][number];
type About = NonNullable<Finding["about"]>;
type Suspension = NonNullable<Connector["suspended"]>;

export const GERMAN_SUSPENSIONS: German<Suspension["reason"]> = {
  "server-gone": "Den Server gibt es nicht mehr.",
  "person-gone": "Wer ihn hinzugefügt hat, ist gesperrt oder nicht mehr da. Wer den Server benutzen darf, kann ihn neu hinzufügen.",
  "share-ended": "Der Server wird mit der Person, die ihn hinzugefügt hat, nicht mehr geteilt.",
  "connection-share-ended": "Das gemeinsame Konto wird mit der Person, die den Server hinzugefügt hat, nicht mehr geteilt.",
};

const names = ({ names: first = [], count = first.length }: About): string => {
  const shown = first.slice(0, 3);
  const more = count - shown.length;
  return formatList(more > 0 ? [...shown, `${formatNumber(more)} weitere`] : shown);
};
const tools = ({ count = 0 }: About): string => (count === 1 ? "1 Werkzeug" : `${formatNumber(count)} Werkzeuge`);
const named = ({ name = "" }: About): string => name;

export const GERMAN_TITLES: German<Finding["code"], About> = {
  "connector-suspended": (about) => `${named(about)} hat hier keine Wirkung`,
  "server-gone": (about) => `${named(about)} gibt es nicht mehr`,
  "server-down": (about) => `${named(about)} ist nicht zu benutzen`,
  "sign-in-needed": (about) => `${named(about)} braucht eine Anmeldung`,
  "nobody-decides": (about) => `Niemand kann ${tools(about)} von ${named(about)} freigeben`,
  "only-customers-decide": (about) => `Nur Kundinnen und Kunden können ${tools(about)} von ${named(about)} freigeben`,
  "tools-changed": (about) => `Verborgen, bis jemand die Änderung annimmt: ${tools(about)} von ${named(about)}`,
  "tools-unasked": (about) => `Immer erlaubt, obwohl es etwas ändern kann: ${tools(about)} von ${named(about)}`,
  "tools-new": (about) => `Neu und von niemandem angesehen: ${tools(about)} von ${named(about)}`,
  "model-key-missing": "Das Modell hat keinen Schlüssel",
  "model-refused": "Das Modell lehnt ab, womit es gefragt wird",
  "model-unreachable": "Das Modell ist nicht erreichbar",
  "model-busy": "Das Modell nimmt gerade keine Anfragen mehr an",
  "model-breaks-off": "Die Antwort des Modells brach ab",
  "model-not-tried": "Das Modell ist seit dem Start des Servers nicht geprüft",
  "model-without-tools": "Das Modell kann keine Werkzeuge benutzen",
  "tools-refused-by-model": (about) => `Der Anbieter des Modells lehnt ${tools(about)} ab`,
  "no-calls": "Kunden dürfen anrufen und können es nicht",
  "origin-any": "Jede Website darf ihn benutzen",
  "origin-http": ({ count = 0 }) =>
    count === 1 ? "1 Website ohne https darf ihn benutzen" : `${formatNumber(count)} Websites ohne https dürfen ihn benutzen`,
  "origin-wildcard": "Alle Hosts einer Domain dürfen ihn benutzen",
  "never-seen": "Noch hat ihn keine Seite benutzt",
  "not-seen-lately": ({ days = 0 }) => `Seit ${formatNumber(days)} Tagen hat ihn keine Seite benutzt`,
  "pages-refused": "Seiten wurden abgewiesen: Sie sind nicht erlaubt",
  "pages-with-wrong-key": "Seiten fragen nach einem Assistenten, den es nicht gibt",
  "script-only": "Seiten laden das Skript, und niemand hat dort den Chat geöffnet",
  "kept-for-good": "Gespräche bleiben für immer gespeichert",
};

const CALLS_LACK: Readonly<Partial<Record<string, string>>> & { readonly both: string } = {
  hearing: "Nichts hört, was sie sagen. Fügen Sie etwas hinzu, das hört, oder erlauben Sie keine Anrufe.",
  speaking: "Nichts spricht die Antworten. Fügen Sie etwas hinzu, das spricht, oder erlauben Sie keine Anrufe.",
  both: "Nichts hört, und nichts spricht. Fügen Sie beides hinzu, oder erlauben Sie keine Anrufe.",
};
const asIs = ({ said = "" }: About): string => said;
const modelSaid = (about: About): string => `${named(about)}: ${asIs(about)}`;

export const GERMAN_DETAILS: German<Finding["code"], About> = {
  "connector-suspended": ({ reason = "" }) => GERMAN_SUSPENSIONS[reason as Suspension["reason"]] as string,
  "server-gone": "Der Assistent hat keines seiner Werkzeuge. Nehmen Sie ihn hier weg, oder verbinden Sie ihn neu.",
  "server-down": ({ reason, adviceCode, said = "" }) =>
    [reasonSaid(reason, said), saidBy(GERMAN_ADVICE, adviceCode, "", undefined)].filter(Boolean).join(" "),
  "sign-in-needed": ({ reason }) =>
    reason === "refused-unsigned" ? signInWords.refused : reason === "connect-account" ? signInWords.first : signInWords.ended,
  "nobody-decides": (about) =>
    `Aufrufe von ${names(about)} warten auf das Team, und niemand, der sich anmelden kann, darf entscheiden. Geben Sie jemandem die Rolle Support.`,
  "only-customers-decide": (about) =>
    `Aufrufe von ${names(about)} warten auf Kunden oder das Team, und im Team darf niemand entscheiden, der sich anmelden kann.`,
  "tools-changed": (about) => `Das Modell sieht ${names(about)} nicht, bis jemand die neue Beschreibung annimmt.`,
  "tools-unasked": (about) =>
    about.count === 1
      ? `Keine Beschreibung sagt, dass ${names(about)} nur liest, und hier fragt es nie. Lassen Sie es fragen, falls das nicht gemeint war.`
      : `Keine Beschreibung sagt, dass ${names(about)} nur lesen, und hier fragen sie nie. Lassen Sie sie fragen, falls das nicht gemeint war.`,
  "tools-new": (about) => `Jeder Aufruf von ${names(about)} fragt, bis jemand die Beschreibung angesehen hat.`,
  "model-key-missing": (about) => `${named(about)} braucht einen API-Schlüssel, und keiner lässt sich öffnen. Setzen Sie ihn noch einmal.`,
  "model-refused": modelSaid,
  "model-unreachable": modelSaid,
  "model-busy": modelSaid,
  "model-breaks-off": modelSaid,
  "model-not-tried": (about) => `Seitdem hat niemand ${named(about)} gefragt; ob es antwortet, ist nicht bekannt. Prüfen Sie es jetzt.`,
  "model-without-tools": (about) =>
    `${named(about)} antwortet, aber ein Test fand, dass es keine Werkzeuge aufruft. Der Assistent hat welche von ${about.count === 1 ? "1 Server" : `${formatNumber(about.count ?? 0)} Servern`}.`,
  "tools-refused-by-model": (about) => `Das Modell sieht ${names(about)} nie. ${named(about)} sagt: ${asIs(about)}`,
  "no-calls": ({ reason = "" }) => CALLS_LACK[reason] ?? CALLS_LACK.both,
  "origin-any": "Alle können ihn auf ihre eigene Seite setzen, und seine Antworten bezahlen Sie. Nennen Sie stattdessen Ihre Websites.",
  "origin-http": (about) => `Wer zwischen Kundschaft und ${names(about)} sitzt, kann die Seite ändern und mitlesen. Nehmen Sie https.`,
  "origin-wildcard": (about) => `${names(about)}: jeder Host dort, auch einer, den jemand anders betreibt.`,
  "never-seen":
    "Bisher hat niemand den Chat auf einer Ihrer Seiten geöffnet. Setzen Sie das Tag dort ein, öffnen Sie die Seite und den Chat.",
  "not-seen-lately": (about) => `Die letzte war ${names(about)}. Steht das Tag dort noch, dann öffnet niemand den Chat.`,
  "pages-refused": (about) => `${names(about)}. Erlauben Sie, was Ihnen gehört, unter Einbau.`,
  "pages-with-wrong-key": (about) => `${names(about)}. Verbessern Sie data-assistant im Tag der Seite.`,
  "script-only": (about) =>
    `${names(about)}. Falls es jemand versucht hat: Unter Einbau steht, was die Content-Security-Policy der Seite braucht.`,
  "kept-for-good":
    "Sie bleiben, und die Datenbank wächst mit ihnen. Unter „Wie lange es aufbewahrt wird“ steht, nach wie vielen Tagen sie enden.",
};

/** Where the server's own words are those of the API and its documentation. */
const ENGLISH_DETAILS: Partial<typeof GERMAN_DETAILS> = {
  "pages-refused": ({ names: origins = [], count = origins.length }) =>
    `${formatList(origins.slice(0, 3))}${count > 3 ? ` and ${formatNumber(count - 3)} more` : ""}. Allow what is yours under Install.`,
};

/** What is wrong, in the page's language. */
export function findingSaid({ code, title, detail, about = {} }: Pick<Finding, "code" | "title" | "detail" | "about">): {
  readonly title: string;
  readonly detail: string;
} {
  return {
    title: saidBy(GERMAN_TITLES, code, title, about),
    detail: saidInBoth({ english: ENGLISH_DETAILS, german: GERMAN_DETAILS }, code, detail, about),
  };
}

export function suspensionSaid({ reason, message }: Suspension): string {
  return saidBy(GERMAN_SUSPENSIONS, reason, message, undefined);
}

type Refused = AssistantSightings["refused"][number];

const NO_ORIGIN =
  "Ein Rahmen in einer Sandbox oder eine Datei hat keine eigene Herkunft: Nur „*“ unter den erlaubten Websites lässt sie herein.";

export const GERMAN_REFUSALS: German<Refused["reason"], Refused> = {
  "origin-refused": ({ origin, certain }) =>
    [
      origin === "null" ? NO_ORIGIN : `Erlauben Sie ${origin} für den Assistenten, falls die Seite Ihnen gehört.`,
      ...(certain ? [] : ["Die Seite wurde abgewiesen, ehe sie sagen konnte, welchen Assistenten sie will."]),
    ].join(" "),
  "unknown-assistant": ({ asked = "", certain }) =>
    certain
      ? `Die Seite fragt nach „${asked}“. Ihr Tag meint wohl diesen Assistenten; verbessern Sie dort data-assistant.`
      : `Die Seite fragt nach „${asked}“. Verbessern Sie data-assistant in ihrem Tag.`,
};

const ENGLISH_REFUSALS: Partial<typeof GERMAN_REFUSALS> = {
  "origin-refused": ({ origin, certain }) =>
    [
      origin === "null"
        ? "A sandboxed frame or a file has no origin of its own: only “*” among the allowed websites lets it in."
        : `Allow ${origin} for the assistant, if the page is yours.`,
      ...(certain ? [] : ["The page was turned away before it could say which assistant it wants."]),
    ].join(" "),
};

/** What to do about a page that was turned away. */
export function refusalSaid(page: Refused): string {
  return saidInBoth({ english: ENGLISH_REFUSALS, german: GERMAN_REFUSALS }, page.reason, page.detail, page);
}

const GERMAN_SCRIPT = {
  "script-only": `Die Seite lädt das Skript, und bisher hat niemand dort den Chat geöffnet. Falls es jemand versucht hat: Ihre Content-Security-Policy braucht die Adresse dieses Servers in connect-src, mit https und mit wss, und das Tag braucht data-assistant.`,
};

export function scriptOnlySaid({ detail }: AssistantSightings["scriptOnly"][number]): string {
  return saidBy(GERMAN_SCRIPT, "script-only", detail, undefined);
}
