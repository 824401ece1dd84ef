import { words } from "../../foundation/words.ts";

export const homeWords = words({ title: "Home" }, { title: "Start" });
