import { PATIENCE_MS, waitFor } from "../support/wait-for.ts";
import { aim, didHit } from "./aim.ts";
import type { Tab } from "./engine.ts";
import { seek, seekSteps, type Seen, type Wanted } from "./seek.ts";

/** Somebody before a window, who sees what is drawn, presses, and types. Everything waits until it can be done. */
export class Person {
  readonly tab: Tab;

  constructor(tab: Tab) {
    this.tab = tab;
  }

  /** All that fit and are drawn now. */
  look(wanted: Wanted): Promise<readonly Seen[]> {
    return this.tab.call(seek, seekSteps(wanted), false);
  }

  /** Waits for one that fits, and is as `condition` asks. The last of several. */
  sees(wanted: Wanted, condition: (seen: Seen) => boolean = () => true): Promise<Seen> {
    return until(`${describe(wanted)} was not seen`, async () => (await this.look(wanted)).findLast(condition));
  }

  /** Waits until nothing fits. */
  async misses(wanted: Wanted): Promise<void> {
    await until(`${describe(wanted)} did not go away`, async () => (await this.look(wanted)).length === 0);
  }

  /** Presses the mouse on it, once it rests and nothing is before it. */
  async click(wanted: Wanted): Promise<void> {
    let before = "";
    await until(`${describe(wanted)} could not be pressed`, async () => {
      const seen = (await this.tab.call(seek, seekSteps(wanted), true)).at(-1);
      const place = JSON.stringify(seen?.box);
      const rests = place === before;
      before = place;
      if (!rests || !seen?.isInReach || !seen.isEnabled) return false;
      const { x, y, width, height } = seen.box;
      await this.tab.call(aim);
      await this.tab.clickAt(x + width / 2, y + height / 2);
      // Of a window that left or closed, the driver only says that it is not there any more.
      return this.tab.call(didHit).catch(() => true);
    });
  }

  /** Presses Tab, or Shift and Tab, until one that fits has the focus. */
  tabTo(wanted: Wanted, way: "forwards" | "backwards" = "forwards"): Promise<void> {
    return this.keyTo(way === "forwards" ? "Tab" : ["Shift", "Tab"], wanted, ({ hasFocus }) => hasFocus);
  }

  /** Presses a key again and again until one that fits is as asked; throws after a whole round. */
  async keyTo(key: string | readonly string[], wanted: Wanted, condition: (seen: Seen) => boolean): Promise<void> {
    for (let count = 0; count < 60; count += 1) {
      if ((await this.look(wanted)).some(condition)) return;
      await this.tab.press([key]);
    }
    throw new Error(`${String(key)} did not lead to ${describe(wanted)}.`);
  }

  /** Presses keys that close the window, and waits until it is closed. */
  async pressAndGo(keys: readonly string[]): Promise<void> {
    // What the driver says of a window that closes under its hands is no matter.
    await this.tab.press(keys).catch(() => undefined);
    await until("The window did not close", async () => !(await this.tab.isOpen()));
  }

  /** Types where the focus is. */
  type(text: string): Promise<void> {
    return this.tab.press(Array.from(text));
  }

  /** Presses into a field and types. */
  async write(wanted: Wanted, text: string): Promise<void> {
    await this.click(wanted);
    await this.sees(wanted, ({ hasFocus }) => hasFocus);
    await this.type(text);
    await this.sees(wanted, ({ value }) => value === text);
  }
}

/** Waits for what `look` gives. A page on its way to the next one cannot be asked: it is asked again. */
async function until<T>(failure: string, look: () => Promise<T>): Promise<NonNullable<T>> {
  let cause: unknown;
  try {
    return await waitFor(() =>
      look().catch((error: unknown) => {
        cause = error;
        return undefined;
      }),
    );
  } catch {
    throw new Error(`${failure} within ${PATIENCE_MS} ms.`, { cause });
  }
}

function describe({ role = "text", name, text, within }: Wanted): string {
  const where = within === undefined ? "" : ` in ${describe(within)}`;
  return `${role} ${String(name ?? text ?? "")}${where}`;
}
