import { describe, expect, test } from "vitest";
import { CONVERSATION } from "../contract/store-drafts.ts";
import { waitFor } from "../support/wait-for.ts";
import { ADA, append, ASKED, type NoticesDesk, openNoticesDesk, startReceiver } from "./notices-harness.ts";

function make(desk: NoticesDesk, url: string) {
  return desk.webhooks().create(ADA, { name: "Pager", url, events: ["person.asked"], assistants: [], enabled: true });
}

const deliveries = (desk: NoticesDesk, id: string) => desk.webhooks().deliveries(id, { limit: 50 });
const only = (desk: NoticesDesk, id: string, attempts: number) =>
  waitFor(async () => (await deliveries(desk, id)).find((one) => one.attempts === attempts));

test("an erased conversation leaves nothing in the queue", async () => {
  const desk = await openNoticesDesk();
  const receiver = await startReceiver((response) => response.writeHead(500).end());
  const { webhook } = await make(desk, receiver.url);
  desk.start();
  await append(desk, ASKED);
  await only(desk, webhook.id, 1);
  await desk.restart();
  const { customerData, notices } = desk.store();
  await customerData.beginErasing([CONVERSATION], desk.clock.now());
  while (!(await customerData.eraseSome(CONVERSATION, 10)));
  expect(await deliveries(desk, webhook.id)).toEqual([]);
  expect(await notices.listRaised(1)).toEqual([]);
});

describe("a server that stops", () => {
  test("in the middle of a delivery makes it again after the start, under the same id", async () => {
    const desk = await openNoticesDesk();
    const receiver = await startReceiver(() => undefined);
    const { webhook } = await make(desk, receiver.url);
    desk.start();
    await append(desk, ASKED);
    await waitFor(() => receiver.received.length === 1);
    receiver.answer((response) => response.end());
    await desk.restart();
    const delivered = await only(desk, webhook.id, 1);
    expect(delivered.status).toBe("delivered");
    expect(receiver.received.map(({ headers }) => headers["webhook-id"])).toEqual([delivered.id, delivered.id]);
  });

  test("before anything was given out tells of it after the start", async () => {
    const desk = await openNoticesDesk();
    const receiver = await startReceiver();
    const { webhook } = await make(desk, receiver.url);
    await append(desk, ASKED);
    expect(await deliveries(desk, webhook.id)).toEqual([]);
    await desk.restart();
    expect(await only(desk, webhook.id, 1)).toMatchObject({ status: "delivered", conversationId: CONVERSATION });
  });
});
