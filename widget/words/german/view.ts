import type { ViewWords } from "../types/view-words.ts";

export const germanView: ViewWords = {
  title: (tool, server) => `${tool}, eine Ansicht von ${server}`,
  by: (server) => `Ansicht von ${server}`,
  loading: "Die Ansicht wird geladen …",
  fullScreen: "Vollbild",
  leaveFullScreen: "Vollbild verlassen",
  failures: {
    blocked: "Diese Website lässt die Ansicht nicht zu.",
    "not-started": "Die Ansicht ist nicht gestartet.",
    left: "Die Ansicht ist woandershin gegangen und wurde deshalb geschlossen.",
    asked: "Die Ansicht hat sich selbst geschlossen.",
    storm: "Die Ansicht hat den Chat gestört und wurde deshalb geschlossen.",
    refused: "Die Ansicht konnte nicht geöffnet werden.",
  },
  instead: "Ihr Inhalt als Text",
  show: "Ansicht zeigen",

  askLink: "Diese Seite öffnen?",
  wantsLink: (server) => `Die Ansicht von ${server} möchte sie in einem neuen Tab öffnen.`,
  open: "Öffnen",
  askMessage: "Diese Nachricht senden?",
  wantsMessage: (server) => `Die Ansicht von ${server} hat sie geschrieben. Sie wird als Ihre gesendet.`,
  send: "Senden",
  no: "Nein",

  errors: {
    "no-view": "Dieser Aufruf hat keine Ansicht, die hier gezeigt werden kann.",
    "view-unavailable": "Die Ansicht kann gerade nicht geladen werden.",
    "view-refused": "Die Ansicht darf das nicht.",
    "view-busy": "Die Ansicht verlangt zu viel auf einmal.",
  },
};
