import type { CfWorkerJsonSchemaValidator } from "@modelcontextprotocol/client/validators/cf-worker";
import type { Assistant } from "../../conversation/ports/assistant.ts";
import { canonicalJson, sha256Hex } from "../../foundation/canonical-json.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import { OWN_SERVERS, type Tool, type Toolbox, type Tools } from "../../conversation/ports/tools.ts";
import { SCHEMA_FAULTS, valueCheck, type ValueCheck } from "../definitions/argument-check.ts";
import { plainText } from "../definitions/plain-text.ts";
import { toolNames } from "../definitions/tool-name.ts";
import { callHttpTool, type Fetch } from "./call-http-tool.ts";
import { HTTP_SERVER, type HttpToolDefinition } from "./definition.ts";
import { fillRequest, prepareRequest, type PreparedRequest } from "./prepared-request.ts";
import { ArgumentError, type Arguments } from "./template.ts";

/** The owners' HTTP tools as they are at this moment. */
export interface HttpToolDefinitions {
  /** By name. One that cannot be used comes with the reason. */
  list(): Promise<readonly (HttpToolDefinition | UnusableHttpTool)[]>;
  find(name: string): Promise<HttpToolDefinition | UnusableHttpTool | undefined>;
}

export interface UnusableHttpTool {
  readonly name: string;
  readonly unusable: string;
}

export interface HttpToolsPorts {
  readonly definitions: HttpToolDefinitions;
  /** Carries every request; the guarded fetch, in a real server. */
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Log;
}

/** What of the moment of a call a tool's request says. */
type Asked = Pick<Parameters<Tools["open"]>[0], "voiceCallId" | "facts" | "depth">;

const { name: SERVER_NAME, source: SOURCE } = OWN_SERVERS[HTTP_SERVER];

/**
 * The tools of the connector `http`: those of its permissions' names, or all with `*`. They hold nothing between calls.
 */
export function createHttpTools(options: HttpToolsPorts): Tools {
  return new HttpTools(options);
}

class HttpTools implements Tools {
  readonly #options: HttpToolsPorts;
  /** By the definition's hash: a schema is read once. */
  readonly #checks = new Map<string, ValueCheck>();
  #validators: Promise<CfWorkerJsonSchemaValidator> | undefined;
  #closed = false;

  constructor(options: HttpToolsPorts) {
    this.#options = options;
  }

  async open({ assistant, ...asked }: Asked & { assistant: Assistant }): Promise<Toolbox> {
    const permissions = assistant.connectors.find(({ server }) => server === HTTP_SERVER)?.permissions;
    if (permissions === undefined || this.#closed) return { tools: [], unavailable: [] };
    try {
      const [all, validators] = await Promise.all([this.#options.definitions.list(), (this.#validators ??= loadValidators())]);
      const named = all.filter(({ name }) => Object.hasOwn(permissions, name) || Object.hasOwn(permissions, "*"));
      const usable = named.filter((one) => "method" in one);
      const names = toolNames(
        HTTP_SERVER,
        usable.map(({ name }) => name),
      );
      return {
        tools: usable.map((definition, index) => this.#tool(definition, names[index]!, { validators, asked })),
        unavailable: named.flatMap((one) => ("unusable" in one ? [missing(one.name, one.unusable)] : [])),
      };
    } catch (error) {
      this.#options.log.error({ error }, "The HTTP tools cannot be read.");
      return { tools: [], unavailable: [missing(undefined, "They cannot be read. The log says why.")] };
    }
  }

  rest(): void {}

  async close(): Promise<void> {
    this.#closed = true;
  }

  #tool(
    definition: HttpToolDefinition,
    name: string,
    { validators, asked: { voiceCallId, facts, depth } }: { readonly validators: CfWorkerJsonSchemaValidator; readonly asked: Asked },
  ): Tool {
    const request = prepareRequest(definition);
    const definitionHash = httpDefinitionHash(definition);
    const title = definition.title ?? definition.name;
    return {
      name,
      reference: {
        source: SOURCE,
        server: HTTP_SERVER,
        serverName: SERVER_NAME,
        tool: definition.name,
        title,
        readOnly: definition.readOnly,
        trusted: definition.trusted,
      },
      description: definition.description,
      inputSchema: inputSchemaOf(definition),
      definitionHash,
      check: (input) => this.#check(definition, definitionHash, validators)(input) ?? placeFault(request, input),
      call: async (input, { callId, signal }) => {
        try {
          const refused = await this.#refusal(definition, definitionHash);
          if (refused !== undefined)
            return { outcome: "failed", content: [{ kind: "text", text: `The call was not sent. ${refused}` }], cause: refused };
          return await callHttpTool({ definition, request, arguments: input, callId, signal, voiceCallId, facts, depth }, this.#options);
        } catch (error) {
          this.#options.log.error({ error, tool: definition.name }, "An HTTP tool's call failed here.");
          return {
            outcome: "unknown",
            content: [{ kind: "text", text: "Something went wrong. Whether the call was carried out is not known." }],
            cause: String(error),
          };
        }
      },
    };
  }

  /** Whether the tool is still what the conversation was given, read at the moment of the call. */
  async #refusal({ name }: HttpToolDefinition, definitionHash: string): Promise<string | undefined> {
    if (this.#closed) return "The server is stopping.";
    const now = await this.#options.definitions.find(name);
    if (now === undefined) return `The HTTP tool ${name} was removed.`;
    if ("unusable" in now) return now.unusable;
    return httpDefinitionHash(now) === definitionHash
      ? undefined
      : `The HTTP tool ${name} has changed since the conversation was offered it.`;
  }

  #check(definition: HttpToolDefinition, hash: string, validators: CfWorkerJsonSchemaValidator): ValueCheck {
    const known = this.#checks.get(hash);
    if (known !== undefined) return known;
    const made = valueCheck(inputSchemaOf(definition), validators, (cause, effect) =>
      this.#options.log.warn({ tool: definition.name, cause }, SCHEMA_FAULTS[effect]),
    );
    this.#checks.set(hash, made);
    return made;
  }
}

/** An argument that nothing names is refused: a person who approves a call would read something that is not sent. */
export function inputSchemaOf({ parameters }: Pick<HttpToolDefinition, "parameters">): Readonly<Record<string, unknown>> {
  return { type: "object", additionalProperties: false, ...parameters };
}

/** Changes when the call means something else. Values of headers do not count: they are secrets, and may be renewed. */
export function httpDefinitionHash(definition: HttpToolDefinition): string {
  const known = hashes.get(definition);
  if (known !== undefined) return known;
  const { headers, timeoutMs: _timeout, answerBytes: _bytes, results: _results, trusted: _trusted, ...meaning } = definition;
  const hash = sha256Hex(canonicalJson({ ...meaning, headers: Object.keys(headers).toSorted() }));
  hashes.set(definition, hash);
  return hash;
}

/** A definition never changes: one that is read again is another object, or the same. */
const hashes = new WeakMap<HttpToolDefinition, string>();

/** What is wrong with the arguments' places, before a person is asked. */
function placeFault(request: PreparedRequest, input: Arguments): string | undefined {
  try {
    fillRequest(request, input);
    return undefined;
  } catch (cause) {
    if (cause instanceof ArgumentError) return cause.message;
    throw cause;
  }
}

function missing(tool: string | undefined, cause: string): Toolbox["unavailable"][number] {
  return {
    server: HTTP_SERVER,
    serverName: tool === undefined ? SERVER_NAME : `${SERVER_NAME}: ${tool}`,
    cause: plainText(cause, 400),
  };
}

async function loadValidators(): Promise<CfWorkerJsonSchemaValidator> {
  const { CfWorkerJsonSchemaValidator } = await import("@modelcontextprotocol/client/validators/cf-worker");
  return new CfWorkerJsonSchemaValidator();
}
