import { SPEAKING_FORMATS } from "../speech/fake-speaking.ts";
import { speakingLaw } from "./speaking.ts";

for (const format of SPEAKING_FORMATS) speakingLaw(format);
