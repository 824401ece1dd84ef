import type { McpServer } from "../api/types.ts";
import { type German, saidInBoth, words } from "../foundation/words.ts";

type Status = McpServer["status"];

/** Why a server cannot be used. */
export const reasonWords = words(
  {
    "server-not-found": "There is no server at its address.",
    "connection-failed": "It cannot be reached.",
    "authentication-failed": "It refuses our credentials.",
    "no-tools-found": "It answers, but offers no tools.",
    "not-an-mcp-server": "What answers there is not an MCP server.",
    "protocol-error": "It does not keep to the protocol.",
    "program-ended": "Its program has ended.",
  },
  {
    "server-not-found": "Unter seiner Adresse gibt es keinen Server.",
    "connection-failed": "Er ist nicht erreichbar.",
    "authentication-failed": "Er lehnt unsere Zugangsdaten ab.",
    "no-tools-found": "Er antwortet, bietet aber keine Werkzeuge an.",
    "not-an-mcp-server": "Was dort antwortet, ist kein MCP-Server.",
    "protocol-error": "Er hält sich nicht an das Protokoll.",
    "program-ended": "Sein Programm hat geendet.",
  },
);

/** What to do about a server that cannot be used. */
export const GERMAN_ADVICE: German<NonNullable<Status["adviceCode"]>> = {
  "wrong-path":
    "Prüfen Sie den Pfad der Adresse: Der Host antwortet, aber unter diesem Pfad ist kein MCP-Server. Er endet oft auf /mcp oder /sse.",
  "not-started": "Starten Sie den Server, oder prüfen Sie den Port der Adresse.",
  "no-command": "Prüfen Sie die Schreibweise des Befehls, und ob er für den Benutzer installiert ist, unter dem Frontdesk läuft.",
  "unknown-host": "Prüfen Sie die Schreibweise des Hostnamens.",
  "too-slow":
    "Prüfen Sie, ob der Server läuft und von hier aus erreichbar ist. Startet er langsam, dann erhöhen Sie seine Zeit zum Verbinden.",
  "not-allowed":
    "Damit dieser Server erlaubt ist, nennt ihn der Betreiber unter network.allowPrivate in der Konfigurationsdatei. Im öffentlichen Internet nehmen Sie eine Adresse mit https://.",
  "wants-oauth":
    "Der Server verlangt eine Anmeldung mit OAuth 2.0. Wählen Sie OAuth als Authentifizierung; verbinden Sie dann ein gemeinsames Konto, oder lassen Sie jeden Kunden sich anmelden.",
  "wants-bearer":
    "Der Server verlangt ein Token. Setzen Sie den Header Authorization mit „Bearer“ und einem gültigen Schlüssel des Dienstes.",
  "wants-basic":
    "Der Server verlangt Benutzername und Passwort (Basic). Setzen Sie den Header Authorization mit „Basic“ und beidem in Base64.",
  "wants-credentials":
    "Der Server verlangt Zugangsdaten und sagt nicht, welche. Setzen Sie die Header, die seine Dokumentation nennt, etwa einen API-Schlüssel, und prüfen Sie, ob der Schlüssel noch gilt.",
  "credentials-or-host":
    "Der Server verlangt Zugangsdaten und sagt nicht, welche. Setzen Sie die Header, die seine Dokumentation nennt. Verlangt er keine, dann lehnt er vielleicht den Namen in der Adresse ab (Host, Origin): Nehmen Sie den, den seine Dokumentation nennt.",
  "connect-account":
    "Verbinden Sie unter Teilen sein gemeinsames Konto. Melden sich alle Kundinnen und Kunden selbst an, dann fehlt nichts.",
  "not-mcp":
    "Prüfen Sie die Adresse: Was dort antwortet, ist etwas anderes, etwa eine Webseite. Die Dokumentation des Dienstes nennt die Adresse für MCP.",
  "other-transport": "Wählen Sie den anderen Transport: Der Server spricht nicht den, der eingestellt ist.",
  "in-trouble": "Der Server selbst hat ein Problem. Lesen Sie sein Protokoll, oder versuchen Sie es später noch einmal.",
  refuses:
    "Der Server lehnt die Anfrage ab und sagt, warum. Fehlt ihm ein Header, dann setzen Sie ihn. Sonst fragen Sie, wer ihn betreibt.",
  "breaks-protocol": "Der Server hält sich nicht an das Protokoll. Schicken Sie den Text dieses Fehlers an die, die ihn betreiben.",
  "program-ended":
    "Seine letzten Worte sagen, warum, falls es welche gab. Führen Sie denselben Befehl von Hand aus, um mehr zu sehen. Der nächste Aufruf startet es wieder.",
  "wrong-host":
    "Er verlangte keine Zugangsdaten. Manche Server antworten nur auf den Hostnamen, den sie erwarten (Host, Origin): Nehmen Sie die Adresse, die sein Text oder seine Dokumentation nennt (localhost ist ein anderer Name als 127.0.0.1), oder erlauben Sie diesen beim Server. Will er einen API-Schlüssel, dann setzen Sie dessen Header.",
  redirects:
    "Nehmen Sie die Adresse, auf die er umleitet. Frontdesk folgt Umleitungen nicht, weil Zugangsdaten dann an eine Adresse gingen, die niemand eingegeben hat.",
  certificate: "Geben Sie dem Server ein Zertifikat, das für diesen Namen gilt und von einer bekannten Stelle unterschrieben ist.",
  "plain-http": "Spricht er nur http, dann nehmen Sie die Adresse mit http://. Sonst prüfen Sie den Port der Adresse.",
  "another-service": "Prüfen Sie den Port der Adresse: Dort antwortet ein anderer Dienst.",
  "bad-port": "Lassen Sie den Server auf einem anderen Port hören, und geben Sie den ein.",
  "ends-connection": "Prüfen Sie, ob der Server unter dieser Adresse https spricht und die Verbindung nicht beendet.",
  "no-tools": "Die Verbindung steht. Prüfen Sie, ob diese Zugangsdaten Werkzeuge sehen dürfen und ob der Server welche hat.",
  "program-without-tools":
    "Prüfen Sie seine Argumente und Variablen: Viele Programme bieten Werkzeuge erst an, wenn sie dafür haben, was sie brauchen.",
};

/** Where the server's own words are those of the API. */
const ENGLISH_ADVICE: Partial<typeof GERMAN_ADVICE> = {
  "wants-oauth":
    "The server wants a sign-in with OAuth 2.0. Choose “OAuth 2.0” as its authentication, then connect a shared account or let each customer sign in.",
  "connect-account": "Connect its shared account under Share. If each customer signs in themselves, nothing is missing.",
  "other-transport": "Choose the other transport: the server does not speak the one that is set.",
};

/** What to do, in the page's language. */
export function adviceOn({ advice = "", adviceCode }: Pick<Status, "advice" | "adviceCode">): string {
  return saidInBoth({ english: ENGLISH_ADVICE, german: GERMAN_ADVICE }, adviceCode, advice, undefined);
}

/** Why it cannot be used, or else what was said. */
export function reasonSaid(reason: string | undefined, said = ""): string {
  return reason !== undefined && Object.hasOwn(reasonWords, reason) ? reasonWords[reason as keyof typeof reasonWords] : said;
}
