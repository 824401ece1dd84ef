import { html, type TemplateResult } from "lit";
import { api, type Page } from "../api/client.ts";
import type { Assistant, PublishedServer } from "../api/types.ts";
import { router } from "../foundation/router.ts";
import { may } from "../foundation/screen.ts";
import { assistantNames } from "./assistant-names.ts";
import { partWords } from "./part-words.ts";

/** What conversations are with, by the key that they give as their assistant. */
export type ConversationNames = ReadonlyMap<string, string>;

/** A call of a published server that waits for the team is a conversation with that server. No key of an assistant has a slash. */
const PUBLISHED = "published/";

/** The id of the published server that a conversation is with; undefined: it is with an assistant. */
export function publishedId(key: string): string | undefined {
  return key.startsWith(PUBLISHED) ? key.slice(PUBLISHED.length) : undefined;
}

/** Of all that the person may see. */
export async function conversationNames(signal: AbortSignal): Promise<ConversationNames> {
  const [assistants, published] = await Promise.all([assistantNames(signal), publishedNames(signal)]);
  return new Map([...assistants, ...published]);
}

/** Of these assistants, and of published servers where something is about one. */
export async function namesFor(
  about: readonly { readonly assistant: string }[],
  assistants: readonly Pick<Assistant, "key" | "name">[],
  signal: AbortSignal,
): Promise<ConversationNames> {
  const published = about.some(({ assistant }) => publishedId(assistant) !== undefined) ? await publishedNames(signal) : [];
  return new Map([...assistants.map(({ key, name }) => [key, name] as const), ...published]);
}

async function publishedNames(signal: AbortSignal): Promise<readonly (readonly [string, string])[]> {
  if (!may("published.read")) return [];
  const { body } = await api.get<Page<PublishedServer>>("/published-servers", { query: { limit: 200 }, signal });
  return body.items.map(({ id, name }) => [`${PUBLISHED}${id}`, name] as const);
}

/** Whoever may not see the published server reads only of what kind it is. */
export function conversationName(key: string, name: string | undefined): string {
  return name ?? (publishedId(key) === undefined ? key : partWords.mcpClients);
}

/** A way to what a conversation is with, where there is one. */
export function conversationLink(key: string, name: string | undefined, said = conversationName(key, name)): TemplateResult {
  const id = publishedId(key);
  if (id !== undefined && name === undefined) return html`<span class="muted">${said}</span>`;
  return html`<a href=${router.href(id === undefined ? `/assistants/${key}` : `/published-servers/${id}`)}>${said}</a>`;
}
