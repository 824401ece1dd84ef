/**
 * Shows what the server pushes while nobody looks at the console, and leads to it. It keeps nothing and fetches nothing.
 */
export {};

/** What is used of a service worker: the DOM's types, which the other files need, leave no room for its own. */
interface Client {
  readonly visibilityState: string;
  readonly url: string;
  focus(): Promise<unknown>;
  postMessage(message: unknown): void;
}
interface Worker {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { matchAll(options: { type: "window" }): Promise<readonly Client[]>; openWindow(url: string): Promise<unknown> };
  addEventListener(name: "push", listener: (event: Lasting & { readonly data: { json(): unknown } | null }) => void): void;
  addEventListener(name: "notificationclick", listener: (event: Lasting & { readonly notification: Notification }) => void): void;
}
interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}
const worker = globalThis as unknown as Worker;

worker.addEventListener("push", (event) => event.waitUntil(show(event.data?.json())));

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(textOf((event.notification.data as { path?: unknown } | null)?.path)));
});

async function show(pushed: unknown): Promise<void> {
  const { title, body, path, tag } = (pushed ?? {}) as Readonly<Record<string, unknown>>;
  // Whoever looks at the console is told there.
  const windows = await worker.clients.matchAll({ type: "window" });
  if (windows.some(({ visibilityState }) => visibilityState === "visible")) return;
  await worker.registration.showNotification(textOf(title), { body: textOf(body), tag: textOf(tag), data: { path: textOf(path) } });
}

/** Only a place of the console: what is pushed names no other address. */
async function open(path: string): Promise<void> {
  const url = new URL(`.${path.startsWith("/") ? path : "/"}`, worker.registration.scope);
  if (!url.href.startsWith(worker.registration.scope)) return;
  const [first] = await worker.clients.matchAll({ type: "window" });
  if (first === undefined) return void (await worker.clients.openWindow(url.href));
  await first.focus();
  first.postMessage({ type: "go", path });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
