import type { RequestHandler } from "express";
import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "zod";
import { addressOf, networkOf } from "../../guard/network/address.ts";
import type { Log } from "../../foundation/log.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { ProblemError } from "../problem.ts";
import { readBody } from "../read-body.ts";
import { requireSameOrigin } from "../same-origin.ts";
import { send, sendProblem } from "../send.ts";
import { splitUrl } from "../split-url.ts";

/** What programs ask, and what people answer them. */
export interface ProgramPorts {
  /** Whether a program would become known by this request to authorize. */
  readonly isNew: (search: string) => Promise<boolean>;
  readonly authorize: (search: string, cookie: string | undefined) => Promise<string>;
  readonly token: (form: string) => Promise<Response>;
  readonly revoke: (form: string) => Promise<Response>;
  readonly register: (body: unknown) => Promise<Response>;
  readonly question: (staff: Staff, query: string) => Promise<object>;
  readonly answer: (staff: Staff, given: { readonly query: string; readonly allow: boolean; readonly cookie: string }) => Promise<object>;
}

export interface ProgramRoutesPorts {
  /** Loaded with the first request that needs it. */
  readonly programs: () => Promise<ProgramPorts>;
  readonly authenticate: (request: IncomingMessage) => Promise<Staff | undefined>;
  /** Undefined: the request came by a way that a token may be sent on. Otherwise what is wrong with it. */
  readonly unreachable: (request: IncomingMessage) => { readonly status: number; readonly message: string } | undefined;
  /** Counts a request of a network. Undefined: it is not too many; otherwise when to come back. */
  readonly limits: Readonly<Record<"requests" | "registrations", (network: string) => Promise<number | undefined>>>;
  readonly ownOrigins: () => readonly string[];
  readonly trustedProxies: number;
  readonly log: Log;
}

type Asked = { readonly request: IncomingMessage; readonly response: ServerResponse; readonly search: string };

const LONGEST_BODY = 16 * 1024;
const queryBody = z.strictObject({ query: z.string().max(LONGEST_BODY) });
const answerBody = queryBody.extend({ allow: z.boolean() });

/**
 * Signing in of programs, to be mounted at `/oauth2`. Programs are told what is wrong as RFC 6749 says, and pages of
 * ours as everywhere.
 */
export function programRoutes(ports: ProgramRoutesPorts): RequestHandler {
  const operations: Readonly<Record<string, (asked: Asked) => Promise<void>>> = {
    "GET /authorize": async ({ request, response, search }) => {
      const programs = await ports.programs();
      const waitMs = (await programs.isNew(search)) ? await ports.limits.registrations(networkIn(request)) : undefined;
      if (waitMs !== undefined) return tooMany(response, waitMs);
      const location = await programs.authorize(search, request.headers.cookie);
      send(response, 302, { Location: location }, undefined);
    },
    "POST /token": async ({ request, response }) => answered(response, await (await ports.programs()).token(await readForm(request))),
    "POST /revoke": async ({ request, response }) => answered(response, await (await ports.programs()).revoke(await readForm(request))),
    "POST /register": async ({ request, response }) => {
      const waitMs = await ports.limits.registrations(networkIn(request));
      if (waitMs !== undefined) return tooMany(response, waitMs);
      const body = await readBody(request, LONGEST_BODY);
      await answered(response, await (await ports.programs()).register(body));
    },
    "POST /question": async ({ request, response }) => {
      const staff = await person(request);
      const { query } = parsed(queryBody, await readBody(request, LONGEST_BODY));
      sendJson(response, 200, await (await ports.programs()).question(staff, query));
    },
    "POST /answer": async ({ request, response }) => {
      const staff = await person(request);
      const given = parsed(answerBody, await readBody(request, LONGEST_BODY));
      sendJson(response, 200, await (await ports.programs()).answer(staff, { ...given, cookie: request.headers.cookie ?? "" }));
    },
  };
  return (request, response) => {
    answer(request, response).catch((error: unknown) =>
      sendProblem(error, { request, response }, ports.log, "A sign-in of a program failed."),
    );
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { path, search } = splitUrl(request.url);
    const operation = operations[`${request.method ?? "GET"} ${path}`];
    if (operation === undefined) throw new ProblemError("not-found", { detail: `There is nothing at /oauth2${path} for this method.` });
    const fault = ports.unreachable(request);
    if (fault !== undefined) return sendJson(response, fault.status, { error: "invalid_request", error_description: fault.message });
    const waitMs = await ports.limits.requests(networkIn(request));
    if (waitMs !== undefined) return tooMany(response, waitMs);
    await operation({ request, response, search });
  }

  /** Only a page of ours may ask and answer for somebody. */
  async function person(request: IncomingMessage): Promise<Staff> {
    requireSameOrigin("POST", { ...request.headers, authorization: undefined }, ports.ownOrigins());
    const staff = await ports.authenticate(request);
    if (staff === undefined) throw new ProblemError("unauthenticated", { detail: "Sign in first." });
    if (staff.kind !== "person") throw new ProblemError("forbidden", { detail: "A person has to answer, and not a key." });
    return staff;
  }

  function networkIn(request: IncomingMessage): string {
    return networkOf(addressOf(request, ports.trustedProxies));
  }
}

async function answered(response: ServerResponse, result: Response): Promise<void> {
  const text = await result.text();
  send(response, result.status, { "Content-Type": "application/json" }, text);
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  send(response, status, { "Content-Type": "application/json" }, JSON.stringify(body));
}

function tooMany(response: ServerResponse, waitMs: number): void {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  const body = { error: "temporarily_unavailable", error_description: `Too many requests came from this network: wait ${seconds} s.` };
  send(response, 429, { "Content-Type": "application/json", "Retry-After": String(seconds) }, JSON.stringify(body));
}

function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (!result.success) throw new ProblemError("bad-request", { detail: "The body is not what is expected here." });
  return result.data;
}

async function readForm(request: IncomingMessage): Promise<string> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers["content-type"] ?? "")) throw new ProblemError("unsupported-media");
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LONGEST_BODY) throw new ProblemError("too-large", { headers: { Connection: "close" } });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
