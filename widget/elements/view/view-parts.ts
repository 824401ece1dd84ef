import { cardStyles } from "../styles/card.styles.ts";
import "./view.ts";
import { viewStyles } from "./view.styles.ts";

/** A conversation in which no tool has a view never loads this. */
export const styles = [cardStyles, viewStyles];
