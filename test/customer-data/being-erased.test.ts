import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { approvalRequested, message, proposed } from "../contract/store-drafts.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const now = 1_000;

/** A store in which Anna and Bert have a conversation each, with a call that waits for the staff. */
async function openStore() {
  const folder = await temporaryFolder();
  const store = await openSqliteStore({ path: join(folder.path, "frontdesk.sqlite") });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  for (const customerId of ["anna", "bert"]) {
    const conversationId = `${customerId}-1`;
    const callId = `${conversationId}-call`;
    const waits = approvalRequested(`${conversationId}-waits`, callId, { approver: "staff", expiresAt: now + 1_000 });
    await store.append({
      conversationId,
      at: now,
      create: { assistant: "shop", customerId },
      events: [message(`${conversationId}-message`), proposed(callId, { arguments: {} }), waits],
    });
  }
  return store;
}

test("what is being erased is in no list of the staff", async () => {
  const store = await openStore();
  const lists = async () => {
    const { conversations, waitingApprovals, calls, inbox } = store;
    const member = { id: "ada", groups: [] };
    return {
      conversations: (await conversations.listConversations({ limit: 9, filter: {} })).map(({ id }) => id),
      summary: (await conversations.findSummary("anna-1"))?.id,
      waiting: (await waitingApprovals.listWaiting({ limit: 9, now, filter: {} })).map(({ conversationId }) => conversationId),
      approval: (await waitingApprovals.findWaiting("anna-1-waits", now))?.approvalId,
      calls: (await calls.listCalls({ limit: 9, filter: {} })).map(({ conversation }) => conversation),
      inbox: (await inbox.listInbox({ view: "all", filter: {}, member, now, limit: 9 })).map(({ id }) => id),
    };
  };
  expect(await lists()).toMatchObject({ conversations: ["bert-1", "anna-1"], calls: ["bert-1", "anna-1"], approval: "anna-1-waits" });
  await store.customerData.beginErasing(["anna-1"], now);
  expect(await lists()).toEqual({
    conversations: ["bert-1"],
    summary: undefined,
    waiting: ["bert-1"],
    approval: undefined,
    calls: ["bert-1"],
    inbox: ["bert-1"],
  });
});

test("what is given out while its conversation is erased leaves no delivery behind", async () => {
  const { notices, customerData } = await openStore();
  const [raised] = await notices.listRaised(9);
  expect(raised?.place?.conversationId).toBe("anna-1");
  // Somebody has read the journal to tell of it; before they have written that down, the conversation is gone.
  await customerData.beginErasing(["anna-1"], now);
  while (!(await customerData.eraseSome("anna-1", 10)));
  const late = { id: "msg_1", channel: "webhook", target: "hook", event: "approval.requested", body: "words", at: now } as const;
  await notices.giveOut([raised!.id], [{ ...late, conversationId: "anna-1" }]);
  expect(await notices.find("msg_1")).toBeUndefined();
  const [next] = await notices.listRaised(9);
  await notices.giveOut([next!.id], [{ ...late, conversationId: "bert-1" }]);
  expect(await notices.find("msg_1")).toBeDefined();
});
