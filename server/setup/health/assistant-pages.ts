/** The pages of an assistant as its owner sees them: what came, what was turned away and why. */
import * as z from "zod";
import { nearest } from "../../configuration/did-you-mean.ts";
import { originAdvice, originAllowed } from "../../guard/network/origins.ts";
import type { AssistantPages, SeenPage, StrayPages } from "../../sightings/sightings.ts";
import type { WatchedAssistant } from "../assistants/watched-assistants.ts";
import { isLocalOrigin, isRelated } from "./related-origins.ts";

const times = {
  firstSeen: z.number(),
  lastSeen: z.number(),
  times: z.int().describe("How often, about: what a crash cut off is not counted."),
};

export const sightingsSchema = z.object({
  seen: z
    .array(z.object({ origin: z.string(), ...times, own: z.boolean().describe("It is this server's own page, such as a preview.") }))
    .describe("Pages that opened the chat's line, the latest first. At most 200."),
  refused: z
    .array(
      z.object({
        origin: z.string(),
        reason: z.enum(["origin-refused", "unknown-assistant"]),
        asked: z.string().optional().describe("The key that the page asked for, where no assistant has it."),
        certain: z.boolean().describe("false: the page did not come far enough to say that it wants this assistant."),
        detail: z.string().describe("What to do, in words."),
        ...times,
      }),
    )
    .describe("Pages that were turned away and still would be, the latest first."),
  scriptOnly: z
    .array(z.object({ origin: z.string(), detail: z.string(), ...times }))
    .describe("Pages that loaded the script, and opened no line of any assistant so far. Perhaps nobody opened the chat."),
});
export type SightingsView = z.input<typeof sightingsSchema>;

export interface PagesKnown {
  readonly pages: AssistantPages;
  readonly strays: StrayPages;
  /** Admins see every stray page, owners those that may be theirs. */
  readonly isAdmin: boolean;
  readonly isKnownKey: (key: string) => boolean;
  /** Origins of this server that are no website. */
  readonly ownOrigins: readonly string[];
  /** How browsers reach the server. */
  readonly publicUrl: string;
}

export function sightingsView(assistant: WatchedAssistant, known: PagesKnown): SightingsView {
  const { pages, strays, ownOrigins } = known;
  const seen = pages.seen.map((page) => ({ ...timed(page), own: ownOrigins.includes(page.origin) }));
  const mayConcern = (origin: string): boolean =>
    known.isAdmin ||
    seen.every(({ own }) => own) ||
    isLocalOrigin(origin) ||
    assistant.allowedOrigins.some((allowed) => isRelated(origin, allowed));
  const isAllowed = ({ origin }: SeenPage): boolean => originAllowed(origin, assistant.allowedOrigins);
  const refused = [
    ...pages.refused.filter((page) => !isAllowed(page)).map((page) => refusedView(page, true)),
    ...strays.refused
      .filter((page) => !isAllowed(page) && mayConcern(page.origin) && pages.refused.every(({ origin }) => origin !== page.origin))
      .map((page) => refusedView(page, false)),
    ...strays.unknown.flatMap((page) => {
      const meant = nearest(page.asked, [assistant.key]) !== undefined;
      if (known.isKnownKey(page.asked) || !(meant || isAllowed(page) || mayConcern(page.origin))) return [];
      const tag = meant
        ? ` Its script tag probably means data-assistant="${assistant.key}".`
        : " Correct data-assistant in its script tag.";
      const detail = `The page asks for the assistant "${page.asked}", which does not exist.${tag}`;
      return [{ ...timed(page), reason: "unknown-assistant" as const, asked: page.asked, certain: meant, detail }];
    }),
  ].toSorted((left, right) => right.lastSeen - left.lastSeen);
  const turnedAway = new Set([...strays.refused, ...strays.unknown, ...pages.refused].map(({ origin }) => origin));
  const scriptOnly = strays.scriptOnly
    .filter((page) => !turnedAway.has(page.origin) && !ownOrigins.includes(page.origin) && (isAllowed(page) || mayConcern(page.origin)))
    .map((page) => ({ ...timed(page), detail: scriptOnlyWords(known.publicUrl) }));
  return { seen, refused, scriptOnly };
}

function timed({ origin, first, last, times: often }: SeenPage): { origin: string; firstSeen: number; lastSeen: number; times: number } {
  return { origin, firstSeen: first, lastSeen: last, times: often };
}

function refusedView(page: SeenPage, certain: boolean): SightingsView["refused"][number] {
  const stray = certain ? "" : " The page was turned away before it could say which assistant it wants.";
  return { ...timed(page), reason: "origin-refused", certain, detail: `${originAdvice(page.origin)}${stray}` };
}

function scriptOnlyWords(publicUrl: string): string {
  const { origin } = new URL(publicUrl);
  return (
    "The page loads the script, and no chat was opened on it so far. If somebody tried: the page's Content-Security-Policy " +
    `needs ${origin} and ${origin.replace(/^http/, "ws")} in connect-src, and the script tag needs data-assistant.`
  );
}
