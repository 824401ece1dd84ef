import type { ToolDefinition } from "../../tools/definitions/tool-definition.ts";
import type { PinVerdict, RememberedTools } from "../../tools/mcp/servers/ports.ts";
import { rememberedTools } from "./accepted-definition.ts";
import { firstPin, seenPin, verdictOf, type ToolPin } from "./tool-pin.ts";

export interface Reading {
  /**
   * `whole`: everything that the server has, as staff see it. `part`: some of it, as it is now. `conversation`: possibly
   * less, or an older list.
   */
  readonly scope: "whole" | "part" | "conversation";
  readonly newTools: "needs_approval" | "disabled";
  /** Whether the server's first list counts as reviewed: whoever sets the server up sees it, or trusts the file. */
  readonly takesFirst: boolean;
  /** Whether what is new in it counts as in a first list. Absent: in the server's first list alone. */
  readonly isFirst?: boolean;
  /** The name of whoever sees it. */
  readonly by?: string;
}

/** What a reading found, as names of tools. */
export interface Found {
  readonly changed: readonly string[];
  readonly added: readonly string[];
  readonly gone: readonly string[];
}

export const NOTHING_FOUND: Found = { changed: [], added: [], gone: [] };

/** How exact `lastSeenAt` is. */
const NOTED_MS = 60 * 60_000;
/**
 * More names than any honest server has. Without a limit, a server that sends new names each time would fill the disk.
 */
const PINS_PER_SERVER = 2_000;
const CHARACTERS_PER_SERVER = 8 * 1024 * 1024;

/** The accepted tools of one server, and what the database does not hold yet. */
export class HeldPins {
  readonly pins = new Map<string, ToolPin>();
  /** Not written yet. */
  readonly dirty = new Set<string>();
  /** Being written by us right now. */
  readonly writing = new Set<string>();
  /** Whether the server's tools were ever read. */
  read = false;
  /** Changes whenever a list that was read before is out of date. */
  generation = 0;
  /** Changes with every pin. */
  version = 0;
  #characters = 0;
  /** The answers for lists, kept as long as nothing changes. */
  #answers = new WeakMap<readonly ToolDefinition[], ReadonlyMap<string, PinVerdict>>();
  #answersUntil = 0;
  #remembered: RememberedTools | undefined;

  /** All of it, as it stands; the same as long as nothing changes. */
  get remembered(): RememberedTools {
    return (this.#remembered ??= rememberedTools(this.pins));
  }

  put(tool: string, pin: ToolPin): void {
    if (!this.pins.has(tool)) this.#characters += JSON.stringify(pin.accepted.said).length;
    this.pins.set(tool, pin);
    this.version += 1;
    this.#answers = new WeakMap();
    this.#remembered = undefined;
  }

  /** Puts a pin that must be written. */
  keep(tool: string, pin: ToolPin): void {
    this.put(tool, pin);
    this.dirty.add(tool);
  }

  /** Replaces all pins except those that the database does not hold yet. */
  replaceAll(stored: ReadonlyMap<string, ToolPin>): void {
    const ours = [...this.pins].filter(([tool]) => this.dirty.has(tool) || this.writing.has(tool));
    this.pins.clear();
    this.version += 1;
    this.#remembered = undefined;
    this.#characters = 0;
    for (const [tool, pin] of [...stored, ...ours]) this.put(tool, pin);
    this.read = true;
    this.generation += 1;
  }

  /**
   * Takes up a list that is nobody's own, and says for each tool whether the model may see it. `found` is absent if
   * nothing had to be checked.
   */
  observe(tools: readonly ToolDefinition[], reading: Reading, now: number): { verdicts: ReadonlyMap<string, PinVerdict>; found?: Found } {
    const answered = reading.scope !== "conversation" || now > this.#answersUntil ? undefined : this.#answers.get(tools);
    if (answered !== undefined) return { verdicts: answered };
    const first = reading.isFirst ?? !this.read;
    this.read = true;
    const changed: string[] = [];
    const added: string[] = [];
    const verdicts = new Map<string, PinVerdict>();
    for (const definition of tools) {
      const { tool } = definition;
      const before = this.pins.get(tool);
      const after = this.#seen(definition, before, { ...reading, first, now });
      verdicts.set(tool, after === undefined ? { use: "hidden", reason: "new" } : verdictOf(after, definition.definitionHash));
      if (after === undefined || after === before) continue;
      if (before === undefined) added.push(tool);
      else if (after.offered !== undefined && after.offered !== before.offered) changed.push(tool);
      if (reading.scope === "whole" && before !== undefined && before.offered?.hash !== after.offered?.hash) this.generation += 1;
      this.keep(tool, after);
    }
    const gone = reading.scope === "whole" ? this.#markGone(new Set(tools.map(({ tool }) => tool))) : [];
    this.#answers.set(tools, verdicts);
    this.#answersUntil = now + NOTED_MS;
    return { verdicts, found: first ? { ...NOTHING_FOUND, changed } : { changed, added, gone } };
  }

  /** Undefined: a new tool beyond the limits. */
  #seen(definition: ToolDefinition, pin: ToolPin | undefined, seen: Reading & { first: boolean; now: number }): ToolPin | undefined {
    const { scope, first, now: at, newTools, takesFirst, by } = seen;
    if (pin !== undefined) return seenPin(pin, definition, { at, settles: scope !== "conversation", notedMs: NOTED_MS });
    if (this.pins.size >= PINS_PER_SERVER || this.#characters > CHARACTERS_PER_SERVER) return undefined;
    const reviewed = first && takesFirst;
    return firstPin(definition, { at, reviewed, enabled: newTools !== "disabled", ...(reviewed && by !== undefined ? { by } : {}) });
  }

  #markGone(listed: ReadonlySet<string>): readonly string[] {
    const gone: string[] = [];
    for (const [tool, pin] of this.pins) {
      if (pin.gone || listed.has(tool)) continue;
      gone.push(tool);
      this.keep(tool, { ...pin, gone: true });
    }
    return gone;
  }
}
