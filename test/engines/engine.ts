/** The engines that every story runs in. */
export const ENGINES = ["chromium", "firefox", "webkit"] as const;
export type EngineName = (typeof ENGINES)[number];

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface EngineOptions {
  /** What the device asks pages for. Default: `light`. */
  readonly scheme?: "light" | "dark";
  /** Firefox only: of its `about:config`. */
  readonly preferences?: Readonly<Record<string, boolean | number | string>>;
  /** Firefox only: beside this process's environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A browser that runs. */
export interface Engine {
  readonly name: EngineName;
  /** A customer with cookies and storage of their own. */
  readonly newCustomer: () => Promise<Customer>;
  /** Ends the browser, with all customers. */
  readonly close: () => Promise<void>;
}

export interface Customer {
  /** Opens an address in a new window, 1280 × 800 CSS pixels unless told, and waits until it is loaded. */
  readonly open: (url: string, size?: Size) => Promise<Tab>;
  /** Takes the network away, or gives it back. `undefined` where the engine's driver cannot. */
  readonly setOffline: ((isOffline: boolean) => Promise<void>) | undefined;
  /** What the pages complained about so far: errors of scripts, `console.error`, violations of a policy. */
  readonly troubles: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/** One window. Its methods throw when it is closed. */
export interface Tab {
  readonly go: (url: string) => Promise<void>;
  readonly reload: () => Promise<void>;
  /**
   * Calls a function in the page and waits for what it returns. Arguments and result are carried as JSON, and the
   * function may use nothing from outside of it.
   */
  readonly call: <A extends readonly unknown[], R>(run: (...given: A) => R | Promise<R>, ...given: A) => Promise<R>;
  /** Presses the mouse's first button at a place in the window, in CSS pixels. */
  readonly clickAt: (x: number, y: number) => Promise<void>;
  /** Presses and releases keys one after another: characters, or a chord such as `["Shift", "Tab"]`. */
  readonly press: (keys: readonly (string | readonly string[])[]) => Promise<void>;
  /** Makes the page this large, as far as the engine can; resolves with what it became. */
  readonly resize: (size: Size) => Promise<Size>;
  /** A PNG of what is in the window. */
  readonly picture: () => Promise<Buffer>;
  /** The windows that this customer has open beside this one, oldest first. */
  readonly others: () => Promise<readonly Tab[]>;
  readonly isOpen: () => Promise<boolean>;
  readonly close: () => Promise<void>;
}

/** The window that every story begins in. */
export const USUAL_SIZE: Size = { width: 1280, height: 800 };
