import type { Params } from "./view-message.ts";

export type DisplayMode = "inline" | "fullscreen";

/** What a view is told of its surroundings, in MCP Apps' words. */
export interface HostContext {
  readonly theme: "light" | "dark";
  readonly locale: string;
  readonly timeZone: string;
  readonly platform: "web" | "mobile";
  readonly deviceCapabilities: { readonly touch: boolean; readonly hover: boolean };
  readonly userAgent: string;
  readonly displayMode: DisplayMode;
  readonly availableDisplayModes: readonly DisplayMode[];
  /** In CSS pixels. */
  readonly containerDimensions:
    | { readonly width: number; readonly maxHeight: number }
    | { readonly width: number; readonly height: number };
  readonly safeAreaInsets: { readonly top: number; readonly right: number; readonly bottom: number; readonly left: number };
  readonly toolInfo: { readonly tool: Params };
}

/** What is around the frame at this moment. */
export interface Around {
  readonly frame: HTMLElement;
  /** BCP 47. */
  readonly locale: string;
  readonly mode: DisplayMode;
  readonly modes: readonly DisplayMode[];
  /** The highest that it may be in the thread, in CSS pixels. */
  readonly most: number;
  readonly tool: Params;
}

const NAME = "frontdesk";
const matches = (query: string): boolean => matchMedia(query).matches;

export function hostContext({ frame, locale, mode, modes, most, tool }: Around): HostContext {
  const width = Math.round(frame.clientWidth);
  const isTouch = matches("(pointer: coarse)");
  return {
    theme: themeOf(frame),
    locale,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    platform: isTouch ? "mobile" : "web",
    deviceCapabilities: { touch: matches("(any-pointer: coarse)"), hover: matches("(any-hover: hover)") },
    userAgent: NAME,
    displayMode: mode,
    availableDisplayModes: modes,
    containerDimensions: mode === "inline" ? { width, maxHeight: most } : { width, height: Math.round(frame.clientHeight) },
    // The frame itself keeps clear of them.
    safeAreaInsets: { top: 0, right: 0, bottom: 0, left: 0 },
    toolInfo: { tool },
  };
}

/** The widget's own, which the page or the customer may have chosen; otherwise the device's. */
function themeOf(element: Element): "light" | "dark" {
  const scheme = getComputedStyle(element).colorScheme;
  if (!scheme.includes("dark")) return "light";
  return scheme.includes("light") && !matches("(prefers-color-scheme: dark)") ? "light" : "dark";
}
