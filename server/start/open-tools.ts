import type { LeftOutTools, ModelOutcomes, ModelTests } from "../conversation/ports/model-test.ts";
import type { Models } from "../conversation/ports/model.ts";
import type { OwnServer, Tools } from "../conversation/ports/tools.ts";
import { lazily } from "../foundation/lazily.ts";
import type { CreatedModels } from "../model/models.ts";
import { ModelsOfCalls } from "../model/models-of-calls.ts";
import { ServerChecks } from "../setup/mcp-servers/server-checks.ts";
import type { Prober } from "../tools/probe/prober.ts";
import type { Base } from "./open-base.ts";
import type { Web } from "./open-line.ts";
import type { Part } from "./open-parts.ts";
import type { Setup } from "./open-setup.ts";
import type { OpenedSignIns } from "./open-sign-ins.ts";
import { addEntrances } from "./own-tools.ts";
import { lateSpeech, type LateSpeech } from "./late-speech.ts";
import { wrapModels, wrapTools } from "./wrap-ports.ts";

/** Models and tools. Each is loaded when the first answer needs it, so that the server starts fast and rests light. */
export interface ModelsAndTools extends Part {
  readonly models: ModelsOfCalls;
  readonly modelTests: ModelTests & ModelOutcomes & LeftOutTools;
  readonly speech: LateSpeech;
  readonly tools: Tools;
  /** Reaches MCP servers outside of conversations. */
  readonly prober: Prober;
  /** Keeps the status of MCP servers true. It checks nothing before its `start`. */
  readonly checks: ServerChecks;
  /** Starts programs whose tools nobody has seen yet, in the background. It loads nothing where there are none. */
  readonly learnAhead: () => void;
}

type Needs = Base & Setup & OpenedSignIns & Web;

export function openTools(needs: Needs): ModelsAndTools {
  const made = lateModels(needs);
  const models = new ModelsOfCalls(wrapModels(made, needs.wrap), needs.log);
  const speech = lateSpeech({ ...needs, models });
  const own = Object.values(needs.setup.ownTools);
  addEntrances(needs.upgrades, own);
  const { tools, learnAhead } = lateTools(needs);
  const prober = lateProber(needs);
  const { live, servers, pins, statuses, following } = needs.setup;
  const isUsed = (server: string): boolean => live.hasServer(server);
  const checks = new ServerChecks({ following, directory: servers, prober, pins, statuses, isUsed, clock: needs.clock, log: needs.log });
  needs.whenShared((server, by) => checks.soon(server, by.name));
  return {
    models,
    modelTests: made,
    speech,
    tools: wrapTools(tools, needs.wrap),
    prober,
    checks,
    learnAhead,
    close: () => Promise.all([tools.close(), made.close(), speech.close(), checks.close(), ...own.map(({ close }) => close?.())]),
  };
}

type Closing<T> = T & { close(): Promise<void> };

function lateModels({ clock, log, configuration }: Needs): Closing<Models & ModelTests & ModelOutcomes & LeftOutTools> {
  let models: CreatedModels | undefined;
  const sockets = async () => (await import("../guard/network/guarded-fetch.ts")).openGuardedSockets(configuration.network);
  const loaded = lazily(async () => {
    const { createModels } = await import("../model/models.ts");
    return (models = createModels({ clock, log, sockets }));
  });
  return {
    of: async (settings) => (await loaded()).of(settings),
    test: async (...test) => (await loaded()).test(...test),
    lastOutcome: (settings) => models?.lastOutcome(settings),
    leftOut: (settings) => models?.leftOut(settings) ?? [],
    close: async () => models?.close(),
  };
}

function lateTools(needs: Needs): { readonly tools: Tools; readonly learnAhead: () => void } {
  let tools: Tools | undefined;
  let closed = false;
  const loaded = lazily(async () => {
    const { servers, ownTools } = needs.setup;
    const keys = Object.keys(ownTools) as OwnServer[];
    const [{ createMcpTools }, { joinTools }, own] = await Promise.all([
      import("../tools/mcp/mcp-tools.ts"),
      import("../tools/join-tools.ts"),
      Promise.all(keys.map(async (server) => ({ server, tools: await ownTools[server].load() }))),
    ]);
    const host = createMcpTools({ ...hostOf(needs), directory: servers });
    return { host, tools: (tools = joinTools([{ tools: host }, ...own])) };
  });
  return {
    tools: {
      open: async (request) => (await loaded()).tools.open(request),
      rest: (conversationId) => tools?.rest(conversationId),
      close: async () => {
        closed = true;
        await tools?.close();
      },
    },
    learnAhead: () => {
      const keys = needs.setup.servers.unlearnt();
      if (keys.length === 0) return;
      loaded().then(
        ({ host }) => closed || host.learn(keys),
        (error: unknown) => needs.log.error({ error: String(error) }, "the tools of programs could not be learnt ahead"),
      );
    },
  };
}

function lateProber(needs: Needs): Prober {
  const prober = lazily(async () => (await import("../tools/probe/probe-server.ts")).createProber(hostOf(needs)));
  return {
    probe: async (...request) => (await prober()).probe(...request),
    call: async (...request) => (await prober()).call(...request),
  };
}

function hostOf({ fetch, clock, log, authorizations, version, sandbox }: Needs) {
  return { fetch, clock, log, authorizations, clientVersion: version, views: sandbox.isOn };
}
