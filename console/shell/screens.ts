import { html } from "lit";
import type { Screen } from "../foundation/screen.ts";

/** Every screen behind the sign-in. The first path that fits is taken. */
export const SCREENS: readonly Screen[] = [
  {
    path: "/",
    load: async () => {
      await import("../screens/home/home-screen.ts");
      return () => html`<desk-home></desk-home>`;
    },
  },
  {
    path: "/account",
    load: async () => {
      await import("../screens/account/account-screen.ts");
      return () => html`<desk-account></desk-account>`;
    },
  },
];
