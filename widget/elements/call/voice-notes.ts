/** What a thread needs once somebody has called: comes with the first call in it. */
import { voiceNotesStyles } from "./voice-notes.styles.ts";
import "./voice-note.ts";

export const styles = [voiceNotesStyles];
