import { plainText } from "../definitions/plain-text.ts";

/** What kept an answer from coming. `beforeSending`: the request certainly did not get there. */
export interface NetworkFault {
  readonly text: string;
  readonly beforeSending: boolean;
}

const BEFORE_SENDING: Readonly<Record<string, string>> = {
  ENOTFOUND: "its host name is not known",
  EAI_AGAIN: "its host name could not be looked up",
  ECONNREFUSED: "the connection was refused",
  EHOSTUNREACH: "its host cannot be reached",
  ENETUNREACH: "its network cannot be reached",
  UND_ERR_CONNECT_TIMEOUT: "the connection took too long",
};
const CAUSE_CHARACTERS = 300;

/** Reads what a fetch threw. */
export function networkFaultOf(error: unknown): NetworkFault {
  for (const cause of causes(error)) {
    const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
    if (code === "FETCH_REFUSED") return { text: plainText(cause.message, CAUSE_CHARACTERS), beforeSending: true };
    if (Object.hasOwn(BEFORE_SENDING, code)) return { text: `${BEFORE_SENDING[code]} (${code})`, beforeSending: true };
    if (/CERT|SELF_SIGNED|^ERR_TLS|UNABLE_TO_(?:VERIFY|GET)/.test(code))
      return { text: `its certificate is not trusted (${code})`, beforeSending: true };
  }
  return { text: plainText([...causes(error)].map(({ message }) => message).join(": "), CAUSE_CHARACTERS), beforeSending: false };
}

function causes(error: unknown): readonly Error[] {
  const chain: Error[] = [];
  for (let current = error; current instanceof Error && chain.length < 8 && !chain.includes(current); current = current.cause) {
    chain.push(current);
    if (current instanceof AggregateError) chain.push(...current.errors.filter((inner) => inner instanceof Error).slice(0, 4));
  }
  return chain;
}
