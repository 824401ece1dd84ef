import { describe, expect, it } from "vitest";
import { memoryShelf } from "../../../widget/thread/shelf.ts";
import { welcomeFrame } from "../../support/memory-line.ts";
import { Desk, Site, Tab } from "./tab.ts";

/** A desk that knows a customer by the token `token of <customer>`, and refuses any other. */
class KnowingDesk extends Desk {
  newest: string | undefined;

  constructor() {
    super();
    let browsers = 0;
    this.line.welcome = ({ token = `browser-${++browsers}`, identity }) => {
      if (identity === undefined) return welcomeFrame({ token, customerId: token });
      const [, customer] = /^token of (\w+)/.exec(identity) ?? [];
      if (customer === undefined) return { code: "identity-refused", message: "No." };
      const newest = this.newest === undefined ? {} : { newest: this.newest };
      return welcomeFrame({ token, customerId: `id_${customer}`, identified: true, ...newest });
    };
  }
}

async function settle(tab: Tab): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await tab.desk.line.flush();
    tab.draw();
  }
}

function page(desk: Desk, site: Site, customer?: string, shelf = memoryShelf()): Tab {
  return new Tab(desk, site, shelf, { identify: customer === undefined ? undefined : async () => `token of ${customer}` });
}

async function opened(tab: Tab): Promise<Tab> {
  tab.thread.start();
  await settle(tab);
  return tab;
}

describe("a customer whom the page names", () => {
  it("goes on with what this browser did before, and with what it had not sent", async () => {
    const [desk, site, shelf] = [new KnowingDesk(), new Site(), memoryShelf()];
    const before = await opened(page(desk, site, undefined, shelf));
    before.thread.send("Hello");
    await settle(before);
    before.disconnect();
    const after = await opened(page(desk, site, "anna", shelf));
    expect(desk.line.hellos.at(-1)).toMatchObject({ identity: "token of anna", token: "browser-1" });
    expect(after.id).toBe(before.id);
    expect(after.thread.state.lastSeq).toBe(1);
  });

  it("finds on another device the newest of their conversations", async () => {
    const desk = new KnowingDesk();
    const phone = await opened(page(desk, new Site(), "anna"));
    phone.thread.send("Hello");
    await settle(phone);
    desk.newest = phone.id;
    const computer = await opened(page(desk, new Site(), "anna"));
    expect(computer.id).toBe(phone.id);
    expect(computer.thread.state.lastSeq).toBe(1);
  });

  it("never sends what another customer of this browser had written", async () => {
    const [desk, site] = [new KnowingDesk(), new Site()];
    const anna = await opened(page(desk, site, "anna"));
    desk.line.reachable = false;
    desk.line.drop();
    anna.thread.send("My secret");
    anna.thread.draft = "And more";
    await settle(anna);
    anna.disconnect();
    desk.line.reachable = true;
    const bert = await opened(page(desk, site, "bert"));
    expect(bert.id).not.toBe(anna.id);
    expect(bert.thread.state.queued).toEqual([]);
    expect(bert.thread.draft).toBe("");
    expect(desk.sent("message-send")).toEqual([]);
  });

  it("finds what was written on an earlier page that was left before the server answered, unless it was another's", async () => {
    const [desk, site, shelf] = [new KnowingDesk(), new Site(), memoryShelf()];
    const write = (text: string): void => {
      // A desk of its own, which is never heard.
      const tab = page(new KnowingDesk(), site, undefined, shelf);
      tab.thread.start();
      tab.thread.draft = text;
    };
    write("Is the teapot");
    const anna = await opened(page(desk, site, "anna", shelf));
    expect(anna.thread.draft).toBe("Is the teapot");
    anna.thread.draft = "";
    anna.disconnect();
    write("My secret");
    const bert = await opened(page(desk, site, "bert", shelf));
    expect(bert.thread.draft).toBe("");
  });

  it("who logs out leaves nothing in the browser", async () => {
    const [desk, site] = [new KnowingDesk(), new Site()];
    const tab = await opened(page(desk, site, "anna"));
    tab.thread.send("Hello");
    await settle(tab);
    const left = tab.id;
    tab.identify = undefined;
    tab.thread.logout();
    expect(["token", "named", ":conversation", ":seen"].map((key) => site.read(`frontdesk:https://desk.example:shop:${key}`))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    await settle(tab);
    expect(desk.line.hellos.at(-1)).not.toHaveProperty("identity");
    expect(desk.line.hellos.at(-1)).not.toHaveProperty("token");
    expect(tab.id).not.toBe(left);
    expect(tab.thread.state.turns).toEqual([]);
  });
});

describe("a token that is over while the customer writes", () => {
  it("is renewed, and the message that was refused arrives once, as the same customer", async () => {
    const [desk, site] = [new KnowingDesk(), new Site()];
    let tokens = 0;
    const tab = new Tab(desk, site, memoryShelf(), { identify: async () => `token of anna ${++tokens}` });
    await opened(tab);
    let isOver = true;
    desk.refuse = (name) => {
      if (name === "identity-renew") isOver = false;
      return isOver && name !== "conversation-open" ? { code: "identity-expired", message: "Over." } : undefined;
    };
    tab.thread.send("Hello");
    await settle(tab);
    await settle(tab);
    expect(desk.sent("identity-renew")).toEqual([{ identity: "token of anna 2" }]);
    expect(new Set(desk.sent("message-send").map(({ messageId }) => messageId)).size).toBe(1);
    expect(desk.journal(tab.id).map(({ type }) => type)).toEqual(["message-received"]);
    expect(tab.thread.state.connection).toBe("online");
  });

  it("is renewed when the server asks, without a new connection", async () => {
    const [desk, site] = [new KnowingDesk(), new Site()];
    const tab = await opened(page(desk, site, "anna"));
    desk.line.send("renew", {});
    await settle(tab);
    expect(desk.sent("identity-renew")).toHaveLength(1);
    expect(desk.line.hellos).toHaveLength(1);
  });

  it("and is refused by the server is asked for once more, then said", async () => {
    const [desk, site] = [new KnowingDesk(), new Site()];
    const asked: (boolean | undefined)[] = [];
    const tab = new Tab(desk, site, memoryShelf(), { identify: async (anew) => (asked.push(anew), "stale") });
    await opened(tab);
    await settle(tab);
    expect(asked).toEqual([false, true]);
    expect(tab.thread.state).toMatchObject({ connection: "refused", refusal: { code: "identity-refused" } });
  });

  it("waits where the site cannot be asked: the customer does not become a stranger", async () => {
    const [desk, site] = [new KnowingDesk(), new Site()];
    let isDown = true;
    const identify = () => (isDown ? Promise.reject(new Error("HTTP 503")) : Promise.resolve("token of anna"));
    const tab = new Tab(desk, site, memoryShelf(), { identify });
    tab.thread.start();
    for (let n = 0; n < 3; n += 1) await Promise.resolve();
    isDown = false;
    await settle(tab);
    expect(desk.line.hellos.every(({ identity }) => identity === "token of anna")).toBe(true);
    expect(tab.thread.state.connection).toBe("online");
  });
});
