import { lazily } from "../foundation/lazily.ts";
import type { Operations } from "../http/api/operations.ts";
import type { OperationTool } from "../http/api/operation-tools/operation-tools.ts";
import type { Staff } from "../identity/staff/actions.ts";
import { ApiKeys } from "../identity/staff/api-keys.ts";
import { createAuthenticate } from "../identity/staff/authenticate.ts";
import { createFindStaff } from "../identity/staff/still-may.ts";
import type { Caller } from "../publish/calls/caller.ts";
import type { OwnServer, OwnTool } from "../publish/tools/own-server.ts";
import type { Base } from "./open-base.ts";
import type { Storage } from "./open-storage.ts";

/** What the operations of the API are had from, once somebody needs them. */
export interface OfOperations {
  readonly api: { readonly operations: () => Promise<Operations> };
}

type Needs = Pick<Base, "clock" | "configuration" | "settings"> & Pick<Storage, "documents"> & OfOperations;

/**
 * The product as an MCP server: the operations of the API, with the keys of the API. `refresh` looks again at the keys
 * that came, when keys have changed. Undefined: it is turned off.
 */
export function openOwnServer({
  api,
  documents,
  clock,
  configuration,
  settings,
}: Needs): (OwnServer & { readonly refresh: () => Promise<void> }) | undefined {
  const { enabled, allow } = configuration.ownServer;
  if (!enabled) return undefined;
  const { adminKey } = settings;
  const findKey = keyFinder(createFindStaff({ documents, clock, adminKey }));
  const identify = createAuthenticate({
    documents,
    clock,
    adminKey,
    apiKeys: new ApiKeys({ documents, clock }),
    // The door counts them.
    attempts: { failed: async () => undefined },
    // Nobody comes in here with a cookie.
    sessionSecret: "",
    place: { isHttps: true, basePath: "" },
  });
  const tools = lazily(async () => {
    const [{ operationTools }, { DEFAULT_API_LIMITS }] = await Promise.all([
      import("../http/api/operation-tools/operation-tools.ts"),
      import("../http/api/create-api.ts"),
    ]);
    const { bodyBytes } = DEFAULT_API_LIMITS;
    return operationTools({ operations: await api.operations(), allowed: allow, newId: () => clock.id(), bodyBytes });
  });
  const good = new Set<string>();
  return {
    identify: async (key) => {
      const staff = await identify({ authorization: `Bearer ${key}`, cookie: undefined, address: "" });
      if (staff === undefined) return undefined;
      good.add(staff.id);
      return { id: staff.id, name: staff.name };
    },
    isGood: (id) => good.has(id),
    refresh: async () => {
      for (const id of good) if ((await findKey(id)) === undefined) good.delete(id);
    },
    toolsFor: async (caller) => {
      const staff = await findKey(caller.key.id);
      return staff === undefined ? [] : (await tools()).map((tool) => ownTool(tool, { staff, caller, findKey }));
    },
  };
}

type FindKey = (id: string) => Promise<Staff | undefined>;

function keyFinder(find: ReturnType<typeof createFindStaff>): FindKey {
  return (id) => find({ kind: "key", id, name: "" });
}

/** A call has the rights that the key has when it is made. */
function ownTool(tool: OperationTool, { staff, caller, findKey }: { staff: Staff; caller: Caller; findKey: FindKey }): OwnTool {
  const isByAssistant = caller.depth > 0;
  return {
    definition: tool.definition,
    isListed: tool.isFor({ staff, isByAssistant }),
    readOnly: tool.entry.does === "reads",
    call: async (input, signal) => {
      const now = await findKey(caller.key.id);
      if (now === undefined) return { outcome: "failed", content: [{ kind: "text", text: KEY_ENDED }], cause: KEY_ENDED, keep: "none" };
      return tool.call(input, { staff: now, isByAssistant, signal });
    },
    logged: (input) => tool.logged(input),
  };
}

const KEY_ENDED = "This API key was revoked or has ended. Nothing was done.";
