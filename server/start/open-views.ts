import { derive } from "../guard/secrets/server-secret.ts";
import { AddressSeal } from "../guard/secrets/address-seal.ts";
import { addressOf } from "../guard/network/address.ts";
import { sandboxHandler } from "../http/sandbox/sandbox-handler.ts";
import { ViewGate } from "../views/view-gate.ts";
import { ViewPages } from "../views/view-pages.ts";
import { listen } from "./listen.ts";
import type { Base } from "./open-base.ts";
import type { OpenedDesk } from "./open-desk.ts";
import type { Web } from "./open-line.ts";
import type { Part } from "./open-parts.ts";
import type { Storage } from "./open-storage.ts";

/** As in `open-line.ts`. */
const { createServer } = process.getBuiltinModule("node:http");

/** Views of tools, and the origin on which they are shown. */
export interface Views extends Part {
  readonly views: ViewGate;
  /** Listens for the sandbox where it has a port of its own. */
  readonly listenForViews: () => Promise<void>;
  /** Ends the calls of views that an earlier process left: those that began before this moment. */
  readonly endLeftViewCalls: (before: number) => Promise<void>;
}

const LEFT_AT_ONCE = 100;

export function openViews(parts: Base & Storage & Web & OpenedDesk): Views {
  const { desk, secret, sandbox, settings, upgrades, limits, clock, log } = parts;
  const seal = new AddressSeal(derive(secret, "views"), "view");
  const views = new ViewGate({ desk: desk.views, seal, pages: new ViewPages(clock), sandbox: sandbox.url, clock });
  const handler = sandboxHandler({
    find: (token) => views.find(token),
    checkLoad: (request) => limits.beforeSocket(addressOf(request, settings.trustedProxies)),
    isHttps: sandbox.url()?.startsWith("https:") === true,
    log,
  });
  upgrades.serveElsewhere(({ headers }) => sandbox.isFor(headers.host), handler);
  const ownServer =
    settings.sandboxPort === undefined ? undefined : createServer({ headersTimeout: 15_000, requestTimeout: 30_000 }, handler);
  return {
    views,
    listenForViews: async () => {
      if (ownServer === undefined || settings.sandboxPort === undefined) return;
      await listen(ownServer, { port: settings.sandboxPort, host: settings.host }, "SANDBOX_PORT");
      const address = ownServer.address();
      if (typeof address === "object" && address !== null) sandbox.listensOn(address.port);
      log.info({ url: sandbox.url(), port: settings.sandboxPort }, "The sandbox of views listens.");
    },
    endLeftViewCalls: (before) => endLeft(parts, before),
    close: async () => {
      if (ownServer === undefined) return;
      ownServer.closeAllConnections();
      await new Promise((resolve) => ownServer.close(resolve));
    },
  };
}

/** Those whose end nobody wrote are few; of them, the desk knows which are views'. */
async function endLeft({ calls, desk }: Pick<Storage & OpenedDesk, "calls" | "desk">, before: number): Promise<void> {
  for (const outcome of ["waiting", "running"]) {
    for (let cursor: string | undefined; ;) {
      const filter = { outcome, to: before };
      const page = await calls.listCalls({ limit: LEFT_AT_ONCE, filter, ...(cursor === undefined ? {} : { before: cursor }) });
      for (const { conversation: conversationId, callId } of page)
        if (conversationId !== undefined) await desk.views.endLeft({ conversationId, callId });
      cursor = page.at(-1)?.cursor;
      if (page.length < LEFT_AT_ONCE || cursor === undefined) break;
    }
  }
}
