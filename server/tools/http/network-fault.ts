import { isCertificateFault } from "../../foundation/certificate-fault.ts";
import { causesOf, messageOf, UNREACHED } from "../calls/network-fault.ts";
import { plainText } from "../definitions/plain-text.ts";

/** What kept an answer from coming. `beforeSending`: the request certainly did not get there. */
export interface NetworkFault {
  readonly text: string;
  readonly beforeSending: boolean;
}

const CAUSE_CHARACTERS = 300;

/** Reads what a fetch threw. */
export function networkFaultOf(error: unknown): NetworkFault {
  const causes = causesOf(error);
  for (const cause of causes) {
    const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
    if (code === "FETCH_REFUSED") return { text: plainText(messageOf(cause), CAUSE_CHARACTERS), beforeSending: true };
    if (Object.hasOwn(UNREACHED, code)) return { text: `${UNREACHED[code]} (${code})`, beforeSending: true };
    if (isCertificateFault(code)) return { text: `its certificate is not trusted (${code})`, beforeSending: true };
  }
  return { text: plainText(causes.map(messageOf).join(": "), CAUSE_CHARACTERS), beforeSending: false };
}
