import { originAllowed } from "../../guard/network/origins.ts";
import type { WatchedAssistant } from "../assistants/watched-assistants.ts";
import type { SightingsView } from "./assistant-pages.ts";
import { counted, type Finding, first, inWords, named } from "./finding.ts";
import { isLocalOrigin, isRelated } from "./related-origins.ts";

const DAY_MS = 24 * 60 * 60_000;
const LATELY_DAYS = 7;

type Origins = Pick<Finding, "code" | "severity" | "title" | "detail">;

/** What is wrong with the pages that an assistant is for. */
export function pageFindings(assistant: WatchedAssistant, view: SightingsView, now: number): Finding[] {
  return [...originFindings(assistant), ...seenFindings(assistant.key, view, now), ...strayFindings(assistant, view)];
}

function originFindings({ key: assistant, allowedOrigins }: WatchedAssistant): Finding[] {
  const about = (origins: readonly string[], finding: Origins): Finding[] =>
    origins.length === 0 ? [] : [{ ...finding, link: { kind: "origins", assistant, origins: first(origins) }, about: named(origins) }];
  const insecure = allowedOrigins.filter((origin) => origin.startsWith("http://") && !isLocalOrigin(origin));
  const wild = allowedOrigins.filter((origin) => origin.includes("://*."));
  return [
    ...about(
      allowedOrigins.filter((origin) => origin === "*"),
      {
        code: "origin-any",
        severity: "risky",
        title: "Every website may use it",
        detail: "Anybody can put it on their own page, and its answers are paid for by you. Name your websites instead.",
      },
    ),
    ...about(insecure, {
      code: "origin-http",
      severity: "risky",
      title: `${counted(insecure.length, "website")} without https may use it`,
      detail: `Whoever is between a customer and ${inWords(insecure)} can change the page and read along. Use https.`,
    }),
    ...about(wild, {
      code: "origin-wildcard",
      severity: "hint",
      title: "All hosts of a domain may use it",
      detail: `${inWords(wild)}: every host there, also one that somebody else runs.`,
    }),
  ];
}

function seenFindings(assistant: string, { seen }: SightingsView, now: number): Finding[] {
  const link = { kind: "sightings", assistant } as const;
  const [latest] = seen.filter(({ own }) => !own);
  if (latest === undefined)
    return [
      {
        code: "never-seen",
        severity: "hint",
        title: "No page has used it yet",
        detail: "Nobody opened the chat on a page of yours so far. Put the script tag on it, open the page and open the chat.",
        link,
      },
    ];
  const days = Math.floor((now - latest.lastSeen) / DAY_MS);
  if (days < LATELY_DAYS) return [];
  return [
    {
      code: "not-seen-lately",
      severity: "hint",
      title: `No page has used it for ${days} days`,
      detail: `The last one was ${latest.origin}. If the script tag is still there, nobody opens the chat.`,
      since: latest.lastSeen,
      link,
      about: { days, names: [latest.origin] },
    },
  ];
}

/** Whether the chat is nowhere: turned away on the one website that it is for, or where it was before. */
function isShutOut({ allowedOrigins }: WatchedAssistant, { seen, refused }: SightingsView): boolean {
  if (seen.some(({ own, origin }) => !own && originAllowed(origin, allowedOrigins))) return false;
  const turnedAway = refused.filter(({ reason }) => reason === "origin-refused");
  const wasSeen = turnedAway.some(({ origin }) => seen.some((page) => page.origin === origin));
  const [only, ...others] = turnedAway;
  if (wasSeen || only === undefined || others.length > 0) return wasSeen;
  // Any page may have been turned away before it said what it wants: one of strangers says nothing.
  return only.certain || isLocalOrigin(only.origin) || allowedOrigins.some((allowed) => isRelated(only.origin, allowed));
}

function strayFindings(watched: WatchedAssistant, view: SightingsView): Finding[] {
  const { key: assistant } = watched;
  const { refused, scriptOnly } = view;
  const findings: Finding[] = [];
  const about = (pages: readonly { origin: string; detail: string; lastSeen: number }[], finding: Omit<Origins, "detail">): void => {
    const [latest] = pages;
    const origins = [...new Set(pages.map(({ origin }) => origin))];
    if (latest === undefined) return;
    const detail = `${inWords(origins)}. ${latest.detail}`;
    findings.push({
      ...finding,
      detail,
      since: latest.lastSeen,
      link: { kind: "sightings", assistant, origins: first(origins) },
      about: named(origins),
    });
  };
  about(
    refused.filter(({ reason }) => reason === "origin-refused"),
    {
      code: "pages-refused",
      severity: isShutOut(watched, view) ? "broken" : "risky",
      title: "Pages were turned away: they are not allowed",
    },
  );
  about(
    refused.filter(({ reason }) => reason === "unknown-assistant"),
    {
      code: "pages-with-wrong-key",
      severity: "risky",
      title: "Pages ask for an assistant that does not exist",
    },
  );
  about(scriptOnly, { code: "script-only", severity: "hint", title: "Pages load the script, and no chat was opened on them" });
  return findings;
}
