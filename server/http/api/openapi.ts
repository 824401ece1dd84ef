import * as z from "zod";
import { ERRORS } from "../../../protocol/errors.ts";
import { ACTIONS } from "../../identity/staff/actions.ts";
import { problemSchema, PROBLEM_TYPE } from "../problem.ts";
import { problemsOf } from "./operation-problems.ts";
import type { Route } from "./route.ts";
import { Schemas } from "./openapi-schemas.ts";

type Json = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document of the routes, from the same schemas that parse and answer the requests. */
export function openApiDocument(routes: readonly Route[], about: { readonly version: string; readonly url: string }): Json {
  const schemas = new Schemas();
  const problem = schemas.of(problemSchema, "output", "Problem");
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of [...routes].sort((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0))) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route, schemas, problem);
  }
  const tags = [...new Set(routes.map(({ tag }) => tag))].sort();
  return {
    openapi: "3.1.0",
    info: {
      title: "Frontdesk",
      version: about.version,
      description: "What staff can do, for the console and for programs. Sign in with a session or an API key; see docs/api.md.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: about.url }],
    security: [{ apiKey: [] }, { session: [] }],
    tags: tags.map((name) => ({ name })),
    paths,
    components: {
      schemas: schemas.components(),
      responses: { Problem: { description: "Why it was refused.", content: { [PROBLEM_TYPE]: { schema: problem } } } },
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "An API key, `fd_…`." },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "frontdesk.session_token",
          description:
            "Made by `POST /api/auth/sign-in/email`. Over https it is named `__Host-frontdesk.session_token`; `__Secure-frontdesk.session_token` where the server is under a path.",
        },
      },
    },
  };
}

function operation(route: Route, schemas: Schemas, problem: Json): Json {
  const status = route.status ?? 200;
  const types = ["application/json", ...(route.streams ?? [])];
  const response = status === 204 ? undefined : schemas.of(route.response, "output", `${titled(route.operationId)}Answer`);
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    ...(route.action === "public"
      ? { security: [] }
      : { description: `For ${ACTIONS[route.action].join(", ")} (\`${route.action}\`).`, "x-frontdesk-action": route.action }),
    parameters: [
      ...parameters(route.params, "path", schemas, pathNames(route.path)),
      ...parameters(route.query, "query", schemas),
      ...(route.creates ? [IDEMPOTENCY_KEY] : []),
      ...(route.versioned ? [IF_MATCH] : []),
      ...(route.parts === true ? [RANGE] : []),
    ],
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { "application/json": { schema: schemas.of(route.body, "input", `${titled(route.operationId)}Body`) } },
          },
        }),
    responses: {
      [status]: {
        description: route.summary,
        ...(response === undefined
          ? {}
          : {
              content: Object.fromEntries(
                types.map((type) => [type, { schema: type === "application/json" ? response : { type: "string" } }]),
              ),
            }),
      },
      ...(route.parts === true ? PARTS : {}),
      ...problems(route, problem),
      default: { $ref: "#/components/responses/Problem" },
    },
  };
}

/** What a `Range` is answered with. */
const PARTS = { 206: { description: "The part that was asked for." }, 416: { description: "It has no such part." } } as const;

/** Each status with the codes that it may have, so that a program can tell them apart. */
function problems(route: Route, problem: Json): Record<string, Json> {
  const entries = [...problemsOf(route)].map(([status, codes]): [string, Json] => [
    String(status),
    {
      description: codes.map((code) => `\`${code}\`: ${ERRORS[code].message}`).join(" "),
      content: {
        [PROBLEM_TYPE]: { schema: { allOf: [problem, { type: "object", properties: { code: { type: "string", enum: [...codes] } } }] } },
      },
    },
  ]);
  return Object.fromEntries(entries);
}

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  description: "The same key with the same request makes one thing, and is answered the same for 24 hours.",
  schema: { type: "string", maxLength: 128 },
};
const RANGE = {
  name: "Range",
  in: "header",
  description: "The bytes that are wanted, such as `bytes=0-999`.",
  schema: { type: "string" },
};
const IF_MATCH = {
  name: "If-Match",
  in: "header",
  required: true,
  description: "The `ETag` that was read.",
  schema: { type: "string" },
};

/** One parameter per property. Path parameters without a schema are texts. */
function parameters(schema: z.ZodType | undefined, place: "path" | "query", schemas: Schemas, names: readonly string[] = []): Json[] {
  const shape = schema instanceof z.ZodObject ? (schema.shape as Readonly<Record<string, z.ZodType>>) : {};
  return [...new Set([...names, ...Object.keys(shape)])].map((name) => {
    const own = shape[name];
    const { description, ...described }: Record<string, unknown> =
      own === undefined ? { type: "string" } : schemas.of(own, "input", titled(name));
    return {
      name,
      in: place,
      required: place === "path" || (own !== undefined && !own.safeParse(undefined).success),
      ...(typeof description === "string" ? { description } : {}),
      schema: described,
    };
  });
}

function pathNames(path: string): string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? "");
}

function titled(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
