import { describe, expect, test } from "vitest";
import { isOpen } from "../../server/conversation/people/business-hours.ts";
import type { BusinessHours } from "../../server/conversation/ports/assistant.ts";
import { CONVERSATION, CUSTOMER, openDesk } from "../support/desk-harness.ts";
import { callsOnce, say } from "../support/desk-scripts.ts";
import { code, rested, written } from "../support/desk-waits.ts";

const HERE = { conversationId: CONVERSATION };
const CLOSED: BusinessHours = { timeZone: "Europe/Berlin", week: {} };
const PEOPLE = { enabled: true, hours: CLOSED, outside: "We are back on Monday.", takeContact: true };

describe("business hours", () => {
  const office: BusinessHours = { timeZone: "Europe/Berlin", week: { sunday: [{ from: "09:00", to: "17:30" }], monday: [] } };

  test.each([
    // Berlin's clocks went back on 25 October 2026 and forward on 28 March 2027, both Sundays.
    ["2026-10-18T07:00:00Z", true, "nine in summer"],
    ["2026-10-18T06:59:59Z", false, "before nine in summer"],
    ["2026-10-25T08:00:00Z", true, "nine on the day on which clocks go back"],
    ["2026-10-25T07:59:59Z", false, "before nine on that day, though after nine by the clock of the day before"],
    ["2026-10-25T16:29:59Z", true, "just before half past five"],
    ["2026-10-25T16:30:00Z", false, "half past five is over"],
    ["2027-03-28T07:00:00Z", true, "nine on the day on which clocks go forward"],
    ["2027-03-28T06:59:59Z", false, "before nine on that day"],
    ["2026-10-26T10:00:00Z", false, "a day with no hours"],
    ["2026-10-27T10:00:00Z", false, "a day that is not named"],
  ])("%s: %s (%s)", (at, open) => {
    expect(isOpen(office, Date.parse(at))).toBe(open);
  });

  test("are of the day over there, until midnight, and always where none are set", () => {
    const tokyo: BusinessHours = { timeZone: "Asia/Tokyo", week: { monday: [{ from: "00:00", to: "24:00" }] } };
    expect(isOpen(tokyo, Date.parse("2026-10-25T15:00:00Z"))).toBe(true);
    expect(isOpen(tokyo, Date.parse("2026-10-26T14:59:59Z"))).toBe(true);
    expect(isOpen(tokyo, Date.parse("2026-10-26T15:00:00Z"))).toBe(false);
    expect(isOpen(undefined, 0)).toBe(true);
  });
});

describe("a customer who asks for a person", () => {
  test("begins the conversation with it, once", async () => {
    const desk = await openDesk({ script: () => say("Hello."), assistant: { people: PEOPLE } });
    const first = await desk.desk.askForPerson(CUSTOMER, HERE);
    expect(await desk.desk.askForPerson(CUSTOMER, HERE)).toEqual(first);
    expect(await written(desk, "person-asked")).toMatchObject([{ open: false, by: { kind: "customer" } }]);
    await rested(desk);
    expect(desk.requests).toHaveLength(0);
  });

  test("is refused where the assistant has no people", async () => {
    const desk = await openDesk({ script: () => say("Hello.") });
    await expect(desk.desk.askForPerson(CUSTOMER, HERE)).rejects.toEqual(code("no-people"));
    const contact = { ...HERE, contactId: "contact-one", email: "a@b.example" };
    await expect(desk.desk.leaveContact(CUSTOMER, contact)).rejects.toEqual(code("no-people"));
  });

  test("leaves an address once, however often it is sent", async () => {
    const desk = await openDesk({ script: () => say("Hello."), assistant: { people: PEOPLE } });
    const contact = { ...HERE, contactId: "contact-one", email: "anna@shop.example", text: "About 1042" };
    const first = await desk.desk.leaveContact(CUSTOMER, contact);
    expect(await desk.desk.leaveContact(CUSTOMER, contact)).toEqual(first);
    expect(await written(desk, "contact-left")).toMatchObject([{ email: "anna@shop.example", text: "About 1042" }]);
  });

  test("through the assistant, without an approval; the model is told what to say outside business hours", async () => {
    const desk = await openDesk({
      script: callsOnce({ name: "frontdesk__ask_for_person", arguments: { reason: "Wants to complain." } }),
      assistant: { people: PEOPLE },
    });
    await desk.ask("Let me talk to somebody");
    expect(desk.requests[0]?.tools.map(({ name }) => name)).toEqual(["frontdesk__ask_for_person"]);
    expect(await written(desk, "person-asked")).toMatchObject([{ by: { kind: "system" }, reason: "Wants to complain.", open: false }]);
    expect(await written(desk, "approval-requested")).toEqual([]);
    expect(desk.requests[1]?.messages.at(-1)?.text).toContain("We are back on Monday.");
    await desk.ask("Somebody, please");
    expect(await written(desk, "person-asked")).toHaveLength(1);
  });

  test("has no such tool where the assistant has no people", async () => {
    const desk = await openDesk({ script: () => say("Hello.") });
    await desk.ask("Hi");
    expect(desk.requests[0]?.tools).toEqual([]);
  });
});
