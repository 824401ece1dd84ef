import { icon } from "../foundation/icons.ts";

export const microphoneIcon = icon("M12 4a3 3 0 0 0-3 3v4.5a3 3 0 0 0 6 0V7a3 3 0 0 0-3-3zM6 11.5a6 6 0 0 0 12 0M12 17.5V21");
export const mutedIcon = icon(
  "M9 9.5v2a3 3 0 0 0 4.6 2.5M15 12V7a3 3 0 0 0-5.7-1.3M6 11.5a6 6 0 0 0 9.6 4.8M18 11.5a6 6 0 0 1-.6 2.6M12 17.5V21M4.5 4.5l15 15",
);
export const settingsIcon = icon("M5 8h8M17 8h2M15 5.8v4.4M5 16h2M11 16h8M9 13.8v4.4");
export const hangUpIcon = icon(
  "M4 14.5c0-4 4-6 8-6s8 2 8 6c0 1-.6 1.5-1.6 1.3l-2-.4c-.8-.2-1.2-.7-1.2-1.5v-1a9.5 9.5 0 0 0-6.4 0v1c0 .8-.4 1.3-1.2 1.5l-2 .4C4.6 16 4 15.5 4 14.5z",
);
