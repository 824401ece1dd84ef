import * as z from "zod";
import { keySchema } from "../../../../protocol/identifiers.ts";
import type { AssistantDrafts } from "../../../setup/assistants/assistant-drafts.ts";
import { draftViewSchema } from "../../../setup/assistants/assistant-draft-view.ts";
import type { AssistantPreviews } from "../../../setup/assistants/assistant-previews.ts";
import { assistantPatchSchema } from "../../../setup/assistants/assistant-record.ts";
import { NOTE_CHARACTERS } from "../../../setup/assistants/assistant-versions.ts";
import { type Route, route } from "../route.ts";
import { answer, assistantAnswer } from "./assistants-routes.ts";

const params = z.object({ key: keySchema });
const draft = draftViewSchema.meta({ id: "Draft" });
const path = "/assistants/{key}/draft";

export interface AssistantDraftsRoutesPorts {
  readonly drafts: AssistantDrafts;
  readonly previews: AssistantPreviews;
}

/** Changing an assistant without a customer noticing, trying it out, and publishing it. */
export function assistantDraftsRoutes({ drafts, previews }: AssistantDraftsRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path,
      operationId: "readDraft",
      tag: "Assistants",
      summary: "The draft of an assistant, with what differs; where there is none, what is published",
      action: "assistants.write",
      refuses: ["read-only"],
      params,
      response: draft,
      handle: async ({ staff, params: { key } }) => answer(await drafts.get(staff, key)),
    }),
    route({
      method: "PATCH",
      path,
      operationId: "changeDraft",
      tag: "Assistants",
      summary: "Changes what is named, in the draft alone; begins one where there is none",
      action: "assistants.write",
      refuses: ["read-only"],
      params,
      body: assistantPatchSchema.omit({ owner: true }),
      response: draft,
      versioned: true,
      handle: async ({ staff, params: { key }, body, ifVersion }) => answer(await drafts.update(staff, key, body, ifVersion)),
    }),
    route({
      method: "DELETE",
      path,
      operationId: "discardDraft",
      tag: "Assistants",
      summary: "Forgets the draft: what is published stays exactly as it is",
      action: "assistants.write",
      refuses: ["read-only"],
      params,
      response: z.null(),
      status: 204,
      versioned: true,
      handle: async ({ staff, params: { key }, ifVersion }) => {
        await drafts.discard(staff, key, ifVersion);
        return { body: null };
      },
    }),
    route({
      method: "POST",
      path: `${path}/rebase`,
      operationId: "rebaseDraft",
      tag: "Assistants",
      summary: "Puts a draft on what was published since it was begun, field by field",
      action: "assistants.write",
      refuses: ["read-only"],
      params,
      body: z.strictObject({
        take: z
          .array(z.string().max(200))
          .max(500)
          .describe("Of the fields that both changed, the paths of those that become as they are published. The others stay the draft's."),
      }),
      response: draft,
      versioned: true,
      handle: async ({ staff, params: { key }, body: { take }, ifVersion }) => answer(await drafts.rebase(staff, key, take, ifVersion)),
    }),
    route({
      method: "POST",
      path: "/assistants/{key}/publish",
      operationId: "publishDraft",
      tag: "Assistants",
      summary: "Publishes the draft as a new version, with the ETag of the draft. Turns that run keep what they began with",
      action: "assistants.write",
      refuses: ["read-only"],
      params,
      body: z.strictObject({ note: z.string().max(NOTE_CHARACTERS).optional() }),
      response: assistantAnswer,
      versioned: true,
      handle: async ({ staff, params: { key }, body: { note }, ifVersion }) => answer(await drafts.publish(staff, key, note, ifVersion)),
    }),
    route({
      method: "POST",
      path: "/assistants/{key}/preview",
      operationId: "openPreview",
      tag: "Assistants",
      summary: "A name with which the widget on a page of this server talks with the draft, for an hour; again: for another one",
      action: "assistants.write",
      refuses: ["read-only"],
      params,
      response: z.object({
        assistant: z.string().describe("What the page says as data-assistant."),
        expiresAt: z.number(),
      }),
      handle: async ({ staff, params: { key } }) => {
        const { name, expiresAt } = await previews.open(staff, key);
        return { body: { assistant: name, expiresAt } };
      },
    }),
  ];
}
