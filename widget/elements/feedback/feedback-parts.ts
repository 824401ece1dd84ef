import "./feedback.ts";
import { feedbackStyles } from "./feedback.styles.ts";

/** A page whose owner does not ask for ratings never loads this. */
export const styles = [feedbackStyles];
