import { icon } from "./icons.ts";

export const chevronIcon = icon("M9 6l6 6-6 6");
export const checkIcon = icon("M5.5 12.5l4.5 4.5 8.5-10");
