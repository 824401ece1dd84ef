import { englishConnect } from "./english/connect.ts";
import { LateWords } from "./late-words.ts";
import type { ConnectWords } from "./types/connect-words.ts";

export const connectWords = new LateWords<ConnectWords>(englishConnect, (late) => late.connect());
