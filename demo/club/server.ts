import { randomUUID } from "node:crypto";
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import { getOAuthProtectedResourceMetadataUrl, mcpAuthRouter } from "@modelcontextprotocol/sdk/server/auth/router.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { localhostHostValidation } from "@modelcontextprotocol/sdk/server/middleware/hostHeaderValidation.js";
import express from "express";
import * as z from "zod";
import { listenOnLoopback, type Listening } from "../listen.ts";
import { McpSessions } from "../mcp-sessions.ts";
import { newMembers } from "./members.ts";
import { SignIn } from "./sign-in.ts";
import { registerClubTools } from "./tools.ts";

/** How the club is set up. */
export interface ClubOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** How long an access token is good. */
  readonly tokenSeconds: number;
  readonly now?: () => number;
  readonly newId?: () => string;
}

const choiceSchema = z.object({ code: z.string(), member: z.string() });

/**
 * Starts the demo's club on the loopback address: an MCP server at `/mcp` that wants each customer's own sign-in, the
 * authorization server that gives it, and `GET /state` for the tests. `POST /members/<id>/sign-out` ends a member's
 * sign-ins, as their account page would.
 */
export async function startClub(options: ClubOptions): Promise<Listening> {
  const now = options.now ?? Date.now;
  const newId = options.newId ?? randomUUID;
  const members = newMembers();
  const app = express();
  app.disable("x-powered-by");
  app.use(localhostHostValidation());
  const listening = await listenOnLoopback(app, options.port);
  const issuer = new URL(listening.url);
  const resource = new URL("/mcp", listening.url);
  const signIn = new SignIn({ members, resource, tokenSeconds: options.tokenSeconds, now, newId });
  const sessions = new McpSessions({
    makeServer() {
      const server = new McpServer({ name: "lull-club", title: "Lull Club", version: "1.0.0" });
      registerClubTools(server, members);
      return server;
    },
    now,
    newId,
    idleMs: 20 * 60_000,
    maximum: 500,
  });

  app.get("/state", (_request, response) => {
    response.set("Cache-Control", "no-store").json({ members: [...members.values()], refreshes: signIn.refreshes });
  });
  app.post("/members/:id/sign-out", (request, response) => {
    signIn.endMember(request.params.id);
    response.status(204).end();
  });
  app.post("/sign-in", express.urlencoded({ extended: false, limit: "4kb" }), (request, response) => {
    const choice = choiceSchema.safeParse(request.body);
    const back = choice.success ? signIn.choose(choice.data.code, choice.data.member || undefined, issuer.href) : undefined;
    if (back === undefined) response.status(400).type("text").send("This sign-in is over. Start it again from the chat.");
    else response.redirect(303, back.href);
  });
  app.use(
    mcpAuthRouter({
      provider: signIn,
      issuerUrl: issuer,
      resourceServerUrl: resource,
      resourceName: "Lull Club",
      scopesSupported: ["points:read", "points:write"],
    }),
  );
  const bearer = requireBearerAuth({ verifier: signIn, resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resource) });
  app.all("/mcp", bearer, express.json({ limit: "1mb" }), (request, response) => sessions.handle(request, response));
  return {
    url: listening.url,
    async close() {
      await sessions.close();
      await listening.close();
    },
  };
}
