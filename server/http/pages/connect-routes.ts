import { type Request, type Response, Router } from "express";
import * as z from "zod";
import { RequestError } from "../../../protocol/errors.ts";
import { readBody } from "../read-body.ts";
import { requireSameOrigin } from "../same-origin.ts";
import { toProblem } from "../problem.ts";
import { basePathOf } from "../../foundation/base-path.ts";
import { endPage, openingPage, PAGE_POLICY, type PageSetting, SCRIPT, STYLE } from "./connect-pages.ts";
import { signInPageWords } from "./sign-in-page-words.ts";

/** The sign-ins that these pages lead through, declared by their user; `oauth/` makes it. */
export interface SignInPages {
  look(ticket: string): Promise<{ readonly kind: "customer" | "staff"; readonly serverName: string } | undefined>;
  /** Throws `RequestError`. */
  open(
    ticket: string,
    shown?: { readonly proof: string; readonly origin: string },
  ): Promise<{ readonly authorizationUrl: string; readonly cookie: { readonly name: string; readonly value: string } }>;
  finish(answer: {
    readonly state: string | undefined;
    readonly code: string | undefined;
    readonly iss: string | undefined;
    readonly error: string | undefined;
    readonly cookie: (name: string) => string | undefined;
  }): Promise<
    | { readonly outcome: "connected" | "declined"; readonly serverName: string }
    | { readonly outcome: "failed"; readonly serverName: string; readonly detail: string }
    | { readonly outcome: "gone" }
  >;
}

export interface ConnectRoutesPorts {
  readonly pages: SignInPages;
  /** How browsers reach this server, without a slash at the end. */
  readonly publicUrl: () => string;
  /** Our Client ID Metadata Document. */
  readonly clientDocument: (publicUrl: string) => Readonly<Record<string, unknown>>;
}

const BODY_BYTES = 4_096;
const COOKIE_SECONDS = 600;
const TICKET = /^[A-Za-z0-9_-]{16,64}$/;
const proofSchema = z.object({ proof: z.string().max(200), origin: z.string().max(2_000) });

/** `/connect/…`: where a sign-in begins in the browser. To be mounted at `/connect`. */
export function connectRoutes({ pages, publicUrl }: ConnectRoutesPorts): Router {
  const router = Router();
  const asset = (type: string, text: string) => (_request: Request, response: Response) => {
    response.type(type).set("Cache-Control", "public, max-age=3600").send(text);
  };
  router.get("/assets/connect.js", asset("text/javascript", SCRIPT));
  router.get("/assets/connect.css", asset("text/css", STYLE));

  router.get("/:ticket", async (request, response) => {
    const setting = settingOf(request, publicUrl());
    const { words } = setting;
    const ticket = ticketOf(request);
    const found = ticket === undefined ? undefined : await pages.look(ticket);
    if (ticket === undefined || found === undefined)
      return send(response, 404, endPage(setting, { title: words.over, lines: [words.overNext], close: false }));
    if (found.kind === "customer") return send(response, 200, openingPage(setting, found.serverName, ticket));
    // HEAD comes from programs that look at links: they must not use one up.
    if (request.method !== "GET") return send(response, 200, "");
    try {
      const { authorizationUrl, cookie } = await pages.open(ticket);
      setCookie(response, cookie, publicUrl());
      response.set("Cache-Control", "no-store").redirect(303, authorizationUrl);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      send(response, 404, endPage(setting, { title: words.over, lines: [words.overNext], close: false }));
    }
  });

  router.post("/:ticket", async (request, response) => {
    try {
      requireSameOrigin(request.method, request.headers, [new URL(publicUrl()).origin]);
      const ticket = ticketOf(request);
      const parsed = proofSchema.safeParse(await readBody(request, BODY_BYTES));
      if (ticket === undefined || !parsed.success) throw new RequestError("bad-request");
      const { authorizationUrl, cookie } = await pages.open(ticket, parsed.data);
      setCookie(response, cookie, publicUrl());
      response.set("Cache-Control", "no-store").json({ authorizationUrl });
    } catch (error) {
      const found = toProblem(error);
      if (found === undefined) throw error;
      response
        .status(found.problem.status)
        .set("Cache-Control", "no-store")
        .json({ error: { code: found.problem.code, message: found.problem.title } });
    }
  });
  return router;
}

/**
 * `/oauth/…`: where the authorization servers send people back to, and what we say about ourselves. To be mounted at
 * `/oauth`.
 */
export function oauthRoutes({ pages, publicUrl, clientDocument }: ConnectRoutesPorts): Router {
  const router = Router();
  router.get("/client.json", (_request, response) => {
    response.set({ "Cache-Control": "public, max-age=3600", "Access-Control-Allow-Origin": "*" }).json(clientDocument(publicUrl()));
  });

  router.get("/callback", async (request, response) => {
    // A look at the address alone must not end a sign-in.
    if (request.method !== "GET") return send(response, 200, "");
    const setting = settingOf(request, publicUrl());
    const { words } = setting;
    const { searchParams } = new URL(request.url, "http://localhost");
    const cookies = readCookies(request.headers.cookie);
    const one = (name: string): string | undefined =>
      searchParams.getAll(name).length === 1 ? (searchParams.get(name) ?? undefined) : undefined;
    const end = await pages.finish({
      state: one("state"),
      code: one("code"),
      iss: one("iss"),
      error: one("error"),
      cookie: (name) => cookies.get(name),
    });
    switch (end.outcome) {
      case "connected":
        return send(response, 200, endPage(setting, { title: words.connected(end.serverName), lines: [words.closeWindow], close: true }));
      case "declined":
        return send(response, 200, endPage(setting, { title: words.declined(end.serverName), lines: [words.declinedNext], close: true }));
      case "failed":
        return send(
          response,
          502,
          endPage(setting, { title: words.failed(end.serverName), lines: [words.failedNext, end.detail], close: false }),
        );
      case "gone":
        return send(response, 400, endPage(setting, { title: words.over, lines: [words.overNext], close: false }));
    }
  });
  return router;
}

function settingOf(request: Request, publicUrl: string): PageSetting {
  return { words: signInPageWords(request.headers["accept-language"]), basePath: basePathOf(publicUrl) };
}

function ticketOf(request: Request): string | undefined {
  const { ticket } = request.params;
  return typeof ticket === "string" && TICKET.test(ticket) ? ticket : undefined;
}

/** The opener is needed until the proof is shown, and a window that was cut off from it may not close itself. */
function send(response: Response, status: number, html: string): void {
  response
    .status(status)
    .set({
      "Content-Security-Policy": PAGE_POLICY,
      "Cross-Origin-Opener-Policy": "unsafe-none",
      "Cache-Control": "no-store",
      Vary: "Accept-Language",
    })
    .type("html")
    .send(html);
}

/**
 * Lax: it must come with the return from another site, and with nothing else from there. For every path of the host,
 * also where this server is under one: `__Host-` asks for that, and `redirectUrl` may name another path.
 */
function setCookie(response: Response, { name, value }: { readonly name: string; readonly value: string }, publicUrl: string): void {
  const secure = publicUrl.startsWith("https://") ? "; Secure" : "";
  response.append("Set-Cookie", `${name}=${value}; Path=/; Max-Age=${COOKIE_SECONDS}; HttpOnly; SameSite=Lax${secure}`);
}

function readCookies(header: string | undefined): ReadonlyMap<string, string> {
  const pairs = (header ?? "").split(";").map((pair) => pair.trim().split("=", 2));
  return new Map(pairs.filter(([name]) => name !== undefined && name !== "").map(([name = "", value = ""]) => [name, value]));
}
