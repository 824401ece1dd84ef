/** A key that was just made, on its way to the instructions that are written with it. It is handed over once. */
export interface HeldKey {
  readonly server: string;
  readonly name: string;
  readonly key: string;
  /** Whether whoever made it has it already. */
  readonly isCopied: boolean;
}

let held: HeldKey | undefined;

export function holdKey(key: HeldKey): void {
  held = key;
}

/** Undefined: none waits for this server. */
export function takeKey(server: string): HeldKey | undefined {
  const taken = held?.server === server ? held : undefined;
  held = undefined;
  return taken;
}
