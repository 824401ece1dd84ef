/** Runs before anything is drawn, so that a dark page does not flash white, and words come in the right language. */
const root = document.documentElement;
const chosen = (name: string): string | null => {
  try {
    return localStorage.getItem(`frontdesk.console.${name}`);
  } catch {
    return null;
  }
};
const dark = matchMedia("(prefers-color-scheme: dark)");
const draw = (): void => {
  const theme = chosen("theme");
  root.classList.toggle("wa-dark", theme === "dark" || (theme !== "light" && dark.matches));
};
draw();
dark.addEventListener("change", draw);
const language = chosen("language") ?? navigator.language;
root.lang = language.toLowerCase().startsWith("de") ? "de" : "en";
