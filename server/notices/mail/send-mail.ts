import { createTransport } from "nodemailer";
import { isCertificateFault } from "../../foundation/certificate-fault.ts";
import { unlessAborted } from "../../foundation/unless-aborted.ts";
import type { Send, Sent } from "../delivery-queue.ts";
import { letterSchema } from "./letter.ts";
import type { SmtpSettings } from "./mail-settings.ts";

const CONNECT_MS = 15_000;
const SILENCE_MS = 30_000;
/** SMTP's own: 5xx is for good. */
const REFUSED = 500;
const SHOWN_CHARACTERS = 500;

/** Sends a letter by SMTP. Each attempt has the same Message-ID, so that a mail program shows one letter once. */
export function createSendMail(smtp: SmtpSettings): Send {
  return async (delivery, signal) => {
    const { to, subject, text, replyTo } = letterSchema.parse(JSON.parse(delivery.body));
    const transport = createTransport(transportOf(smtp));
    try {
      const sending = transport.sendMail({
        from: { name: smtp.from.name, address: smtp.from.address },
        to: { name: "", address: to },
        ...(replyTo === undefined ? {} : { replyTo: { name: "", address: replyTo } }),
        subject,
        text,
        messageId: `<${delivery.id}@${smtp.from.address.split("@").at(-1)}>`,
        // RFC 3834: no out-of-office reply comes back.
        headers: { "Auto-Submitted": "auto-generated" },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const { response } = await unlessAborted(sending, signal);
      return { came: "delivered", answer: { text: shown(response, smtp) } };
    } catch (error) {
      signal.throwIfAborted();
      return failed(error, smtp);
    } finally {
      transport.close();
    }
  };
}

function transportOf({ url, encryption }: SmtpSettings) {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === "smtps:";
  return {
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: port === "" ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && encryption === "required",
    ...(username === "" ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
  };
}

/** Of the letter itself. What is wrong with the connection is the operator's to mend, so the letter waits for that. */
const OF_THE_LETTER: readonly unknown[] = ["EENVELOPE", "EMESSAGE"];

function failed(error: unknown, smtp: SmtpSettings): Sent {
  const { code, originalCode, responseCode, response } = error as Readonly<Record<string, unknown>>;
  const status = typeof responseCode === "number" ? { status: responseCode } : {};
  const isRefused = typeof responseCode === "number" && responseCode >= REFUSED && OF_THE_LETTER.includes(code);
  const known: Readonly<Record<string, string>> = {
    EAUTH: "The mail server refuses the name or the password of smtp.url.",
    ETLS: "The mail server offers no encryption, which smtp.encryption requires.",
    EDNS: "The host name in smtp.url is not known.",
    ETIMEDOUT: "The mail server did not answer in time.",
    ECONNECTION: "The mail server cannot be reached.",
    ESOCKET: "The connection to the mail server failed.",
  };
  const untrusted =
    typeof originalCode === "string" && isCertificateFault(originalCode)
      ? `The mail server's certificate is not trusted (${originalCode}).`
      : undefined;
  const fault = untrusted ?? (typeof code === "string" ? known[code] : undefined) ?? "The mail server did not take the letter.";
  const text = typeof response === "string" ? { text: shown(response, smtp) } : {};
  return { came: isRefused ? "refused" : "failed", answer: { ...status, ...text, fault } };
}

/** What a server says back may have the password in it. */
function shown(response: string, { url }: SmtpSettings): string {
  const { password } = new URL(url);
  const secrets = [password, decodeURIComponent(password)].filter((secret) => secret !== "");
  return secrets.reduce((text, secret) => text.replaceAll(secret, "[secret]"), response).slice(0, SHOWN_CHARACTERS);
}
