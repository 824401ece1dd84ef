import { words } from "../../../foundation/words.ts";

/** The settings in plain words, by their JSON pointers. */
export const FIELD_NAMES: Readonly<Record<string, string>> = words(
  {
    "/name": "Name",
    "/prompt": "Instructions",
    "/allowedOrigins": "Allowed websites",
    "/trace": "What customers see of tool calls",
    "/greeting": "Greeting",
    "/starters": "Suggested messages",
    "/maxSteps": "Steps for one answer",
    "/turnTimeoutMs": "Longest answer",
    "/turnTokens": "Tokens for one answer",
    "/approvalTimeoutMs": "Time to decide an approval",
    "/resultBytes": "Longest tool result",
    "/careful": "Careful mode",
    "/toolSearch/tools": "Search tools from",
    "/toolSearch/windowShare": "Search tools from this share of the window",
    "/limits/messageCharacters": "Longest message",
    "/limits/messagesPerMinute": "Messages of one customer",
    "/limits/messagesPerMinutePerAddress": "Messages of one network address",
    "/limits/concurrentTurns": "Answers at once",
    "/model/provider": "Provider",
    "/model/model": "Model",
    "/model/baseUrl": "Address of the API",
    "/model/apiKey": "Key",
    "/model/contextTokens": "Window of the model",
    "/model/maxOutputTokens": "Longest step",
    "/model/silenceTimeoutMs": "Longest silence of the model",
    "/model/showThoughts": "The model’s thoughts",
    "/look/accent": "Accent",
    "/look/position": "Corner",
    "/look/theme": "Theme",
    "/look/lang": "Language",
    "/look/label": "Header",
  },
  {
    "/name": "Name",
    "/prompt": "Anweisungen",
    "/allowedOrigins": "Erlaubte Websites",
    "/trace": "Was Kunden von Werkzeugen sehen",
    "/greeting": "Begrüßung",
    "/starters": "Vorgeschlagene Nachrichten",
    "/maxSteps": "Schritte für eine Antwort",
    "/turnTimeoutMs": "Längste Antwort",
    "/turnTokens": "Tokens für eine Antwort",
    "/approvalTimeoutMs": "Zeit für eine Genehmigung",
    "/resultBytes": "Längstes Ergebnis eines Werkzeugs",
    "/careful": "Vorsichtiger Modus",
    "/toolSearch/tools": "Werkzeuge suchen ab",
    "/toolSearch/windowShare": "Werkzeuge suchen ab diesem Anteil des Fensters",
    "/limits/messageCharacters": "Längste Nachricht",
    "/limits/messagesPerMinute": "Nachrichten eines Kunden",
    "/limits/messagesPerMinutePerAddress": "Nachrichten einer Netzadresse",
    "/limits/concurrentTurns": "Antworten zugleich",
    "/model/provider": "Anbieter",
    "/model/model": "Modell",
    "/model/baseUrl": "Adresse der API",
    "/model/apiKey": "Schlüssel",
    "/model/contextTokens": "Fenster des Modells",
    "/model/maxOutputTokens": "Längster Schritt",
    "/model/silenceTimeoutMs": "Längstes Schweigen des Modells",
    "/model/showThoughts": "Gedanken des Modells",
    "/look/accent": "Akzent",
    "/look/position": "Ecke",
    "/look/theme": "Erscheinungsbild",
    "/look/lang": "Sprache",
    "/look/label": "Kopfzeile",
  },
);

export function fieldName(path: string): string {
  return FIELD_NAMES[path] ?? path;
}

/** Whether a fault at this path stands at a field of the editor. */
export function isDrawn(path: string): boolean {
  return Object.keys(FIELD_NAMES).some((field) => path === field || path.startsWith(`${field}/`));
}
