import { api } from "../api/client.ts";
import { BASE_PATH } from "../api/base-path.ts";
import type { AddPushSubscriptionAnswer, ReadPushKeyAnswer } from "../api/types.ts";
import { LANGUAGE } from "../foundation/words.ts";

/** `on`: this browser is notified, also while the console is closed. */
export type PushState = "on" | "off" | "refused" | "missing";

/** The one address of a script that this page may name to the browser. */
const policy = (
  globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: { createScriptURL(): string }): { createScriptURL(url: string): unknown } };
  }
).trustedTypes?.createPolicy("frontdesk-worker", { createScriptURL: () => WORKER });
const WORKER = `${BASE_PATH}/console/service-worker.js`;

/** Without a secure connection browsers have none of this. */
function isMissing(): boolean {
  return !("serviceWorker" in navigator) || !("PushManager" in globalThis) || !("Notification" in globalThis);
}

export async function pushState(): Promise<PushState> {
  if (isMissing()) return "missing";
  if (Notification.permission === "denied") return "refused";
  const subscription = await (await navigator.serviceWorker.getRegistration(`${BASE_PATH}/console/`))?.pushManager.getSubscription();
  if (subscription === null || subscription === undefined) return "off";
  const { body } = await api.get<{ isSubscribed: boolean }>(`/me/push-subscriptions/${await idOf(subscription.endpoint)}`);
  return body.isSubscribed ? "on" : "off";
}

/** Asks the browser's user, then subscribes. */
export async function subscribe(): Promise<PushState> {
  if (isMissing()) return "missing";
  if ((await Notification.requestPermission()) !== "granted") return "refused";
  const registration = await navigator.serviceWorker.register((policy?.createScriptURL("") ?? WORKER) as string, {
    scope: `${BASE_PATH}/console/`,
  });
  await navigator.serviceWorker.ready;
  const { publicKey } = (await api.get<ReadPushKeyAnswer>("/me/push-key")).body;
  const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
  const { endpoint, keys } = subscription.toJSON();
  const body = { subscription: { endpoint, keys: { p256dh: keys?.["p256dh"], auth: keys?.["auth"] } }, language: LANGUAGE };
  await api.post<AddPushSubscriptionAnswer>("/me/push-subscriptions", body);
  return "on";
}

export async function unsubscribe(): Promise<PushState> {
  const subscription = await (await navigator.serviceWorker.getRegistration(`${BASE_PATH}/console/`))?.pushManager.getSubscription();
  if (subscription === null || subscription === undefined) return "off";
  const id = await idOf(subscription.endpoint);
  await subscription.unsubscribe();
  await api.delete(`/me/push-subscriptions/${id}`);
  return "off";
}

/** As the server calls it. */
async function idOf(endpoint: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
