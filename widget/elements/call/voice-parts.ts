/** What a panel needs for calls: comes with the first. */
import { choiceStyles } from "../styles/choice.styles.ts";
import { callBarStyles } from "./call-bar.styles.ts";
import "./call-bar.ts";

export { CallDesk } from "./call-desk.ts";

export const styles = [choiceStyles, callBarStyles];
