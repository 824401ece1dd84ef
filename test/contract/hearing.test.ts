import { HEARING_FORMATS } from "../speech/fake-hearing.ts";
import { hearingLaw } from "./hearing.ts";

for (const format of HEARING_FORMATS) hearingLaw(format);
