import type { TemplateResult } from "lit";
import type { ReadSelfAnswer } from "../api/types.ts";

type Action = ReadSelfAnswer["actions"][number];

/** One screen: its address, who may see it, and how it is loaded. */
export interface Screen {
  /** Below `/console`, such as `/assistants/:key`. */
  readonly path: string;
  /** Parts of one screen with several addresses have one name: going from one to another keeps the element. */
  readonly part?: string;
  /** Absent: everybody who is signed in. The server decides all the same. */
  readonly action?: Action;
  /** Loads the screen's file, and says what draws it. */
  readonly load: () => Promise<(params: Readonly<Record<string, string>>) => TemplateResult>;
}

/** Who is signed in here, for the screens. Set before the first of them is loaded. */
export const me: { self: ReadSelfAnswer | undefined } = { self: undefined };

/** What a role may not do is not shown; the server refuses it all the same. */
export function may(action: Action): boolean {
  return me.self?.actions.includes(action) ?? false;
}
