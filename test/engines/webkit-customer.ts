import { type Customer, type Size, type Tab, USUAL_SIZE } from "./engine.ts";
import { clickActions, keyActions } from "./input-actions.ts";
import type { WebDriverSession } from "./webdriver.ts";

/** A customer who has a session, and its browser, alone. `end` ends both. */
export function webKitCustomer(session: WebDriverSession, end: () => Promise<void>): Customer {
  const troubles: string[] = [];
  /** The session comes with a window. */
  let isUsed = false;
  /** A session sends everything to one window; so what is done in one is done before another's turn. */
  let last: Promise<unknown> = Promise.resolve();
  let current: string | undefined;
  const within = <R>(handle: string, run: () => Promise<R>): Promise<R> => {
    const next = last.then(async () => {
      if (current !== handle) await session.send("POST", "/window", { handle });
      current = handle;
      return run();
    });
    last = next.catch(() => (current = undefined));
    return next;
  };
  const handles = (): Promise<readonly string[]> => session.send("GET", "/window/handles");
  const tab = (handle: string): Tab => tabOf(session, (run) => within(handle, run), { handle, handles, tab, troubles });
  return {
    async open(url, size = USUAL_SIZE) {
      const handle = isUsed
        ? (await session.send<{ handle: string }>("POST", "/window/new", { type: "window" })).handle
        : await session.send<string>("GET", "/window");
      isUsed = true;
      const opened = tab(handle);
      await opened.resize(size);
      await opened.go(url);
      return opened;
    },
    setOffline: undefined,
    troubles: async () => {
      await Promise.all((await handles()).map((handle) => tab(handle).call(() => undefined)));
      return troubles;
    },
    close: end,
  };
}

interface Windows {
  readonly handle: string;
  readonly handles: () => Promise<readonly string[]>;
  readonly tab: (handle: string) => Tab;
  readonly troubles: string[];
}

function tabOf(
  session: WebDriverSession,
  within: <R>(run: () => Promise<R>) => Promise<R>,
  { handle, handles, tab, troubles }: Windows,
): Tab {
  const post = <R>(path: string, body?: object): Promise<R> => within(() => session.send<R>("POST", path, body));
  const run = <R>(script: string, args: readonly unknown[]): Promise<R> => session.send("POST", "/execute/sync", { script, args });
  /** The driver tells nothing of what a page complains about: it is written down in the page, from its load on, and taken from there. */
  const collect = async (): Promise<void> => {
    troubles.push(...(await run<readonly string[]>(`return (${takeTroubles.toString()})()`, [])));
  };
  const loading = (path: string, body?: object): Promise<void> =>
    within(async () => {
      await collect();
      await session.send("POST", path, body);
      await collect();
    });
  return {
    go: (url) => loading("/url", { url }),
    reload: () => loading("/refresh"),
    async call(function_, ...given) {
      const script = `const troubles = (${takeTroubles.toString()})();
        return (async () => JSON.stringify({ troubles, result: await (${function_.toString()})(...JSON.parse(arguments[0])) }))()`;
      const returned = await within(() => run<string>(script, [JSON.stringify(given)]));
      const { troubles: more, result } = JSON.parse(returned) as { readonly troubles: readonly string[]; readonly result: never };
      troubles.push(...more);
      return result;
    },
    clickAt: (x, y) => post("/actions", { actions: clickActions(x, y) }),
    press: (keys) => post("/actions", { actions: keyActions(keys) }),
    // A window is larger than its page, and the browser has a least width.
    resize: ({ width, height }) =>
      within(async () => {
        const measure = (): Promise<Size> => run("return { width: innerWidth, height: innerHeight }", []);
        const inner = await measure();
        const outer = await session.send<Size>("GET", "/window/rect");
        await session.send("POST", "/window/rect", {
          width: width + outer.width - inner.width,
          height: height + outer.height - inner.height,
        });
        return measure();
      }),
    picture: async () => Buffer.from(await within(() => session.send<string>("GET", "/screenshot")), "base64"),
    others: async () => (await handles()).filter((one) => one !== handle).map(tab),
    isOpen: async () => (await handles()).includes(handle),
    close: async () => void (await within(() => session.send("DELETE", "/window"))),
  };
}

/** What a page complained about since this was called there last; from the first call on. Runs in the page. */
function takeTroubles(): readonly string[] {
  const page = window as unknown as { troublesOfTest?: string[] };
  const list = page.troublesOfTest?.splice(0);
  if (list === undefined) {
    const troubles: string[] = (page.troublesOfTest = []);
    addEventListener("error", ({ message }) => troubles.push(message));
    addEventListener("unhandledrejection", ({ reason }) => troubles.push(String(reason)));
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      troubles.push(`${violatedDirective} forbids ${blockedURI}`),
    );
    const { error } = console;
    console.error = (...said) => {
      troubles.push(said.join(" "));
      error(...said);
    };
  }
  return list ?? [];
}
