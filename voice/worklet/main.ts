/** What the page loads into its audio contexts: one file, of the desk's own origin. */
import { CaptureProcessor } from "./capture-processor.ts";
import { CAPTURE, PLAYBACK } from "./messages.ts";
import { PlaybackProcessor } from "./playback-processor.ts";
import { scope } from "./worklet-scope.ts";

scope.registerProcessor(CAPTURE, CaptureProcessor);
scope.registerProcessor(PLAYBACK, PlaybackProcessor);
