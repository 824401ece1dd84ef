import { PAGE_SERVER } from "../../conversation/ports/assistant.ts";
import { OWN_SERVERS, type Tool, type Toolbox, type Tools } from "../../conversation/ports/tools.ts";
import { canonicalJson, sha256Hex } from "../../foundation/canonical-json.ts";
import { lazily } from "../../foundation/lazily.ts";
import type { Log } from "../../foundation/log.ts";
import { SCHEMA_FAULTS, valueCheck, type ValueCheck } from "../definitions/argument-check.ts";
import { toolReference, type ToolDefinition } from "../definitions/tool-definition.ts";
import { toolNames } from "../definitions/tool-name.ts";
import type { ConnectedPages } from "./connected-pages.ts";
import { notBegun } from "./page-result.ts";

const { name: SERVER_NAME, source: SOURCE } = OWN_SERVERS[PAGE_SERVER];

const loadValidators = lazily(async () => {
  const { CfWorkerJsonSchemaValidator } = await import("@modelcontextprotocol/client/validators/cf-worker");
  return new CfWorkerJsonSchemaValidator();
});
type Validators = Awaited<ReturnType<typeof loadValidators>>;

export interface PageToolsPorts {
  readonly pages: Pick<ConnectedPages, "find" | "call">;
  readonly log: Log;
}

type Request = Parameters<Tools["open"]>[0];

/**
 * The tools that the customer's page brings, as they are at this moment: those of the page where the customer acted
 * last. No connector has to name them; what it says of them is the permission's.
 */
export function createPageTools(ports: PageToolsPorts): Tools {
  return new PageTools(ports);
}

class PageTools implements Tools {
  readonly #ports: PageToolsPorts;
  readonly #checks = new WeakMap<ToolDefinition, ValueCheck>();
  #closed = false;

  constructor(ports: PageToolsPorts) {
    this.#ports = ports;
  }

  async open({ conversationId, customerId }: Pick<Request, "conversationId" | "customerId">): Promise<Toolbox> {
    const found = this.#closed ? undefined : this.#ports.pages.find(customerId, conversationId);
    if (found === undefined || found.page.tools.length === 0) return { tools: [], unavailable: [] };
    const { tools, seat } = found.page;
    const validators = await loadValidators();
    const names = toolNames(
      PAGE_SERVER,
      tools.map(({ tool }) => tool),
    );
    const place = { conversationId, customerId, origin: seat.origin };
    return { tools: tools.map((definition, index) => this.#tool(definition, names[index]!, { ...place, validators })), unavailable: [] };
  }

  rest(): void {}

  async close(): Promise<void> {
    this.#closed = true;
  }

  #tool(
    definition: ToolDefinition,
    name: string,
    {
      validators,
      ...place
    }: { readonly conversationId: string; readonly customerId: string; readonly origin: string; readonly validators: Validators },
  ): Tool {
    const { tool, definitionHash } = definition;
    // That it only reads is no more than what the page says, and what only reads is asked for less.
    const { readOnly: _, ...reference } = toolReference({ key: PAGE_SERVER, name: SERVER_NAME }, definition);
    return {
      name,
      reference: { ...reference, source: SOURCE, trusted: false },
      description: definition.description,
      inputSchema: definition.inputSchema,
      // An approval is for one origin: the same tool of another one is another thing in the world.
      definitionHash: sha256Hex(canonicalJson([place.origin, definitionHash])),
      check: (input) => this.#check(definition, validators)(input),
      call: async (input, context) =>
        this.#closed ? notBegun("The server is stopping.") : this.#ports.pages.call({ ...place, tool, definitionHash, input }, context),
    };
  }

  #check(definition: ToolDefinition, validators: Validators): ValueCheck {
    const known = this.#checks.get(definition);
    if (known !== undefined) return known;
    const made = valueCheck(definition.inputSchema, validators, (cause, effect) =>
      this.#ports.log.warn({ server: PAGE_SERVER, tool: definition.tool, cause }, SCHEMA_FAULTS[effect]),
    );
    this.#checks.set(definition, made);
    return made;
  }
}
