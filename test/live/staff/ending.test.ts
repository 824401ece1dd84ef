import { describe, expect, it } from "vitest";
import type { EndedFrame, StaffEventsFrame } from "../../../protocol/staff-frames.ts";
import type { Socket } from "socket.io-client";
import { ask, CONVERSATION, hear, next, note, openStage, type StaffStage, welcomed } from "./staff-stage.ts";

/** A member who watches a conversation, and what becomes of their socket. */
async function watching(stage: StaffStage, came: { readonly cookie: string } | { readonly key: string }) {
  const socket = stage.socket(came);
  await welcomed(socket);
  await ask(socket, "conversation-open", { conversationId: CONVERSATION });
  const heard = hear<StaffEventsFrame>(socket, "events");
  const ended = next<EndedFrame>(socket, "ended");
  const gone = new Promise<string>((resolve) => socket.once("disconnect", resolve));
  return { socket, heard, ended, gone };
}

async function openWatched(): Promise<StaffStage> {
  const stage = await openStage();
  await stage.write([note(0)]);
  return stage;
}

/** It hears nothing of what is written once the change was answered. */
async function isDeaf(stage: StaffStage, { heard, gone }: { heard: readonly StaffEventsFrame[]; gone: Promise<string> }): Promise<void> {
  await stage.write([note(1)]);
  expect(await gone).toBe("io server disconnect");
  expect(heard).toEqual([]);
}

describe("a socket of the staff line ends", () => {
  it("when its session is ended elsewhere; the person's other browser stays", async () => {
    const stage = await openWatched();
    const { id, cookie } = await stage.member("Sue", ["support"]);
    const one = await watching(stage, { cookie });
    const { json } = await stage.admin("GET", `/people/${id}/sessions`);
    const two = await watching(stage, { cookie: await stage.signIn("sue@desk.example") });
    const [session] = json["items"] as { id: string }[];
    expect((await stage.admin("DELETE", `/people/${id}/sessions/${session?.id}`)).status).toBe(204);
    await isDeaf(stage, one);
    expect(await one.ended).toEqual({ reason: "signed-out" });
    await expect.poll(() => two.heard).toHaveLength(1);
  });

  it("when its person signs out", async () => {
    const stage = await openWatched();
    const { cookie } = await stage.member("Sue", ["support"]);
    const one = await watching(stage, { cookie });
    await fetch(`${stage.url}/api/auth/sign-out`, {
      method: "POST",
      headers: { Cookie: cookie, Origin: stage.url, "Content-Type": "application/json" },
      body: "{}",
    });
    await isDeaf(stage, one);
  });

  it.each([
    ["is disabled", { disabled: true }, "signed-out"],
    ["loses the role", { roles: ["owner"] }, "rights-changed"],
  ] as const)("when its person %s", async (_what, change, reason) => {
    const stage = await openWatched();
    const { id, cookie } = await stage.member("Sue", ["support"]);
    const one = await watching(stage, { cookie });
    const { headers } = await stage.admin("GET", `/people/${id}`);
    const changed = await stage.admin("PATCH", `/people/${id}`, change, { "If-Match": headers.get("ETag") ?? "" });
    expect([changed.status, changed.text.slice(0, 0)]).toEqual([200, ""]);
    await isDeaf(stage, one);
    expect(await one.ended).toEqual({ reason });
  });

  it("when its person is removed", async () => {
    const stage = await openWatched();
    const { id, cookie } = await stage.member("Sue", ["support"]);
    const one = await watching(stage, { cookie });
    const { headers } = await stage.admin("GET", `/people/${id}`);
    expect((await stage.admin("DELETE", `/people/${id}`, undefined, { "If-Match": headers.get("ETag") ?? "" })).status).toBe(204);
    await isDeaf(stage, one);
  });

  it("when its key is revoked; another key stays", async () => {
    const stage = await openWatched();
    const [first, second] = [await stage.apiKey("First", ["support"]), await stage.apiKey("Second", ["support"])];
    const one = await watching(stage, first);
    const two = await watching(stage, second);
    expect((await stage.admin("DELETE", `/api-keys/${first.id}`)).status).toBe(204);
    await isDeaf(stage, one);
    await expect.poll(() => two.heard).toHaveLength(1);
  });

  it("not when its person gets another name or more rights: from then on they have them", async () => {
    const stage = await openWatched();
    const { id, cookie } = await stage.member("Sue", ["owner"]);
    const socket: Socket = stage.socket({ cookie });
    await welcomed(socket);
    expect(await ask(socket, "conversation-open", { conversationId: CONVERSATION })).toMatchObject({ ok: false });
    const { headers } = await stage.admin("GET", `/people/${id}`);
    await stage.admin("PATCH", `/people/${id}`, { roles: ["owner", "support"], name: "Susan" }, { "If-Match": headers.get("ETag") ?? "" });
    expect(await ask(socket, "conversation-open", { conversationId: CONVERSATION })).toMatchObject({ ok: true });
    const presence = next(socket, "presence");
    await ask(socket, "presence", { conversationId: CONVERSATION, doing: "looking" });
    expect(await presence).toMatchObject({ people: [{ id, name: "Susan", doing: "looking" }] });
  });
});
