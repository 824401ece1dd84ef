import type { Language } from "./words.ts";

/** What one browser's user chose for themselves. `before-paint.ts` reads the same names. */
export type Theme = "system" | "light" | "dark";

const NAMES = {
  theme: "frontdesk.console.theme",
  language: "frontdesk.console.language",
  shortcuts: "frontdesk.console.shortcuts",
  notices: "frontdesk.console.notices",
  sound: "frontdesk.console.sound",
} as const;

export function readTheme(): Theme {
  const theme = read(NAMES.theme);
  return theme === "light" || theme === "dark" ? theme : "system";
}

export function chooseTheme(theme: Theme): void {
  write(NAMES.theme, theme);
  const isDark = theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("wa-dark", isDark);
}

/** Takes effect with the reload. */
export function chooseLanguage(language: Language): void {
  write(NAMES.language, language);
  location.reload();
}

/** Keys of a single letter can be switched off: they disturb who dictates. */
export function hasShortcuts(): boolean {
  return read(NAMES.shortcuts) !== "off";
}

export function chooseShortcuts(on: boolean): void {
  write(NAMES.shortcuts, on ? "on" : "off");
}

/** Whether this browser notifies its user while they look elsewhere. */
export function hasNotices(): boolean {
  return read(NAMES.notices) === "on";
}

export function chooseNotices(on: boolean): void {
  write(NAMES.notices, on ? "on" : "off");
}

export function hasSound(): boolean {
  return read(NAMES.sound) === "on";
}

export function chooseSound(on: boolean): void {
  write(NAMES.sound, on ? "on" : "off");
}

function read(name: string): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Storage may be full or forbidden; the choice then holds for this page. */
function write(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // As said above.
  }
}
