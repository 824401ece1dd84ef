import { words } from "../foundation/words.ts";

export const jsonWords = words(
  {
    copy: (label: string) => `Copy all of ${label}`,
    search: "Search",
    searchIn: (label: string) => `Search in ${label}`,
    searching: "Searching …",
    found: (at: string, count: string) => `${at} of ${count}`,
    none: "Not found",
    lines: (label: string, count: string) => `${label}, ${count} lines`,
    showAll: (length: string) => `Show all (${length})`,
    showMore: (more: string, length: string) => `Show ${more} more of ${length}`,
    asText: "Show as text",
    bytes: (type: string, size: string) => `${type}, ${size} bytes`,
  },
  {
    copy: (label: string) => `${label} ganz kopieren`,
    search: "Suchen",
    searchIn: (label: string) => `In ${label} suchen`,
    searching: "Wird gesucht …",
    found: (at: string, count: string) => `${at} von ${count}`,
    none: "Nicht gefunden",
    lines: (label: string, count: string) => `${label}, ${count} Zeilen`,
    showAll: (length: string) => `Ganz anzeigen (${length})`,
    showMore: (more: string, length: string) => `${more} mehr von ${length} anzeigen`,
    asText: "Als Text anzeigen",
    bytes: (type: string, size: string) => `${type}, ${size} Bytes`,
  },
);
