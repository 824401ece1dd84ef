import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { CallToolResult, ElicitRequestFormParams } from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";
import { gifts, type Member } from "./members.ts";

type MemberOf = (extra: { authInfo?: { extra?: Record<string, unknown> } }) => Member;

/** Adds the club's tools. They act for the member whose token the request carries, never for one that is named. */
export function registerClubTools(server: McpServer, members: ReadonlyMap<string, Member>): void {
  const memberOf: MemberOf = (extra) => {
    const member = members.get(String(extra.authInfo?.extra?.["memberId"]));
    if (member === undefined) throw new Error("This token belongs to no member.");
    return member;
  };
  registerPoints(server, memberOf);
  registerRedeeming(server, memberOf);
}

function registerPoints(server: McpServer, memberOf: MemberOf): void {
  server.registerTool(
    "club_points",
    {
      title: "Club points",
      description: "How many points the signed-in club member has, and which gifts they are enough for.",
      inputSchema: {},
      outputSchema: { name: z.string(), points: z.int(), enoughFor: z.array(z.string()) },
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    (_input, extra) => {
      const { name, points } = memberOf(extra);
      return structured({ name, points, enoughFor: giftsFor(points).map((gift) => gift.title) });
    },
  );
}

function registerRedeeming(server: McpServer, memberOf: MemberOf): void {
  server.registerTool(
    "redeem_gift",
    {
      title: "Redeem points for a gift",
      description: "Redeems points for a gift. The member is asked which one, and what is engraved on it, by a form.",
      inputSchema: {},
      outputSchema: { gift: z.string(), engraving: z.string(), points: z.int() },
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    },
    async (_input, extra) => {
      const member = memberOf(extra);
      if (giftsFor(member.points).length === 0) return refusal(`${member.points} points are not enough for a gift yet.`);
      // The question belongs to this call: it comes on the call's own stream.
      const stream = { relatedRequestId: extra.requestId, signal: extra.signal, timeout: 15 * 60_000 };
      const answer = await server.server.elicitInput(giftForm(member.points), stream);
      if (answer.action !== "accept") return refusal("The member did not choose a gift, so nothing was redeemed.");
      const chosen = gifts.find((gift) => gift.id === answer.content?.["gift"]);
      if (chosen === undefined || chosen.points > member.points) return refusal("There is no such gift for these points.");
      const engraving = String(answer.content?.["engraving"] ?? "").slice(0, 20);
      member.points -= chosen.points;
      member.gifts.push({ gift: chosen.id, engraving, wrapped: answer.content?.["wrapped"] !== false });
      return structured({ gift: chosen.title, engraving, points: member.points });
    },
  );
}

function giftsFor(points: number): readonly (typeof gifts)[number][] {
  return gifts.filter((gift) => gift.points <= points);
}

function giftForm(points: number): ElicitRequestFormParams {
  return {
    mode: "form",
    message: `You have ${points} points. Which gift would you like?`,
    requestedSchema: {
      type: "object",
      properties: {
        gift: {
          type: "string",
          title: "Gift",
          oneOf: giftsFor(points).map((gift) => ({ const: gift.id, title: `${gift.title} (${gift.points} points)` })),
        },
        engraving: {
          type: "string",
          title: "Engraving",
          description: "Up to 20 letters, on the underside. Leave it empty for none.",
          maxLength: 20,
        },
        wrapped: { type: "boolean", title: "Wrap it as a present", default: true },
      },
      required: ["gift"],
    },
  };
}

function structured(value: Record<string, unknown>): CallToolResult {
  return { structuredContent: value, content: [{ type: "text", text: JSON.stringify(value) }] };
}

function refusal(text: string): CallToolResult {
  return { isError: true, content: [{ type: "text", text }] };
}
