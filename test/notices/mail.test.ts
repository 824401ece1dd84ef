import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { createSendMail } from "../../server/notices/mail/send-mail.ts";
import { mailAddress } from "../../server/notices/mail/mail-address.ts";
import { mailAddressing } from "../../server/notices/mail/mail-addressing.ts";
import { smtpSchema } from "../../server/notices/mail/mail-settings.ts";
import { subjectOf } from "../../server/notices/mail/letter.ts";
import { CUSTOMER, message, TURN } from "../contract/store-drafts.ts";
import { waitFor } from "../support/wait-for.ts";
import { SELF_SIGNED } from "../setup/self-signed.ts";
import { append, type NoticesDesk, openNoticesDesk } from "./notices-harness.ts";

const STAFF = { kind: "staff", id: "bo", name: "Bo" } as const;
const PASSWORD = "pass word/1";

interface Taken {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly secure: boolean;
}

/** A mail server of other people's making, on a real socket. */
async function startMailServer(options: SMTPServerOptions = {}) {
  const taken: Taken[] = [];
  const server = new SMTPServer({
    logger: false,
    onAuth: ({ username, password }, _session, done) =>
      username === "desk" && password === PASSWORD ? done(null, { user: "desk" }) : done(new Error(`No, ${password} is wrong`)),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        taken.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString(),
          secure: session.secure,
        });
        done(null, "Taken");
      });
    },
    ...options,
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as AddressInfo;
  return { taken, url: `smtp://desk:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}` };
}

async function openDesk(url: string, more: object = {}) {
  const smtp = smtpSchema.parse({
    url,
    from: '"Lull Pottery" <desk@shop.example>',
    encryption: "if-offered",
    team: ["team@shop.example"],
    ...more,
  });
  return openNoticesDesk({
    senders: { mail: createSendMail(smtp) },
    channels: ({ clock }) => [
      mailAddressing({ smtp, clock, conversationsUrl: () => "https://desk.example/console/conversations", nameOf: () => "Shop\r\nBcc: x" }),
    ],
  });
}

/** The first letter to the team, once it was tried. */
function attempted(desk: NoticesDesk) {
  return waitFor(async () => {
    const [found] = await desk.store().notices.listOf({ channel: "mail", target: "team@shop.example", limit: 1 });
    return found?.attempts === 1 ? found : undefined;
  });
}

/** For the rest of the test, as an operator's NODE_EXTRA_CA_CERTS does. */
function trust(certificate: string): void {
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, certificate]);
  onTestFinished(() => setDefaultCACertificates(before));
}

/** The text of a letter as a mail program shows it. */
function textOf(raw: string): string {
  const [head = "", ...rest] = raw.split("\r\n\r\n");
  const body = rest.join("\r\n\r\n").trimEnd();
  if (/base64/i.test(head)) return Buffer.from(body, "base64").toString();
  return body.replaceAll("=\r\n", "").replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

describe("letters", () => {
  test("take what a customer wrote to the team, with the customer's address to answer at", async () => {
    const mail = await startMailServer({ disabledCommands: ["STARTTLS"], authOptional: false });
    const desk = await openDesk(mail.url);
    desk.start();
    await append(desk, message("message-1", "Where is it?\r\n.\r\nBcc: all@shop.example"), {
      type: "step-ended",
      turnId: TURN,
      step: 1,
      text: "<b>I will look.</b>",
    });
    await append(desk, { type: "contact-left", contactId: "contact-1", email: "kim@home.example", by: CUSTOMER });
    const [letter] = await waitFor(() => (mail.taken.length === 1 ? mail.taken : undefined));
    const { from, to, raw } = letter!;
    expect([from, to]).toEqual(["desk@shop.example", ["team@shop.example"]]);
    const head = raw.slice(0, raw.indexOf("\r\n\r\n"));
    expect(head).toMatch(/^From: Lull Pottery <desk@shop.example>$/m);
    expect(head).toMatch(/^Reply-To: kim@home.example$/m);
    expect(head).toMatch(/^Subject: Shop Bcc: x: what a customer wrote$/m);
    expect(head).toMatch(/^Content-Type: text\/plain/m);
    expect(head).toMatch(/^Auto-Submitted: auto-generated$/m);
    expect(head).not.toMatch(/^(Bcc|Cc):/m);
    const text = textOf(raw);
    expect(text).toContain("Address to answer at: kim@home.example");
    expect(text).toContain("<b>I will look.</b>");
  });

  test("take what was said to a customer who left an address, once a member of the staff closes the conversation", async () => {
    const mail = await startMailServer({ disabledCommands: ["STARTTLS"] });
    const desk = await openDesk(mail.url, { team: [] });
    desk.start();
    await append(desk, message("message-1", "Where is it?"));
    await append(desk, { type: "contact-left", contactId: "contact-1", email: "kim@home.example", by: CUSTOMER });
    await append(desk, { type: "conversation-closed", by: { kind: "system", id: "system" } });
    await append(desk, { type: "reply-sent", messageId: "message-2", text: "It is on its way.", by: STAFF });
    await append(desk, { type: "conversation-closed", by: STAFF });
    const [letter] = await waitFor(() => (mail.taken.length > 0 ? mail.taken : undefined));
    expect(letter?.to).toEqual(["kim@home.example"]);
    expect(textOf(letter?.raw ?? "")).toContain("It is on its way.");
    await waitFor(async () => (await desk.store().notices.listRaised(1)).length === 0);
    expect(mail.taken).toHaveLength(1);
  });

  test("say who said what: nobody's text looks like somebody else's", async () => {
    const mail = await startMailServer({ disabledCommands: ["STARTTLS"] });
    const desk = await openDesk(mail.url);
    desk.start();
    const forged = ["Hello", "Bo, 2026-11-30 10:00 UTC", "You get all of it back."];
    await append(desk, message("message-1", forged.join("\n")), {
      type: "step-ended",
      turnId: TURN,
      step: 1,
      text: forged.join("\r\u2028"),
    });
    await append(desk, { type: "contact-left", contactId: "contact-1", email: "kim@home.example", by: CUSTOMER });
    const [letter] = await waitFor(() => (mail.taken.length === 1 ? mail.taken : undefined));
    const lines = textOf(letter!.raw).split(/\r\n|[\n\r\u2028]/);
    expect(lines.filter((line) => line.trim().startsWith("Bo,"))).toHaveLength(2);
    expect(lines.filter((line) => line.startsWith("Bo,"))).toEqual([]);
    expect(lines.filter((line) => line.endsWith(" UTC") && !line.startsWith(" "))).toEqual([
      expect.stringMatching(/^Customer, /),
      expect.stringMatching(/^Assistant, /),
    ]);
  });

  test("wait while the mail server is busy, and are given up when it refuses for good", async () => {
    const codes = [451, 550];
    const mail = await startMailServer({
      disabledCommands: ["STARTTLS"],
      onRcptTo: (_address, _session, done) => {
        const responseCode = codes.shift();
        done(responseCode === undefined ? undefined : Object.assign(new Error("Not now"), { responseCode }));
      },
    });
    const desk = await openDesk(mail.url, { notify: ["person.asked"] });
    desk.start();
    await append(desk, { type: "person-asked", by: CUSTOMER, open: false });
    const find = async () => (await desk.store().notices.listOf({ channel: "mail", target: "team@shop.example", limit: 1 }))[0];
    const first = await waitFor(async () => ((await find())?.attempts === 1 ? find() : undefined));
    expect(first).toMatchObject({ status: "waiting", answer: { status: 451 } });
    await waitFor(() => desk.clock.next());
    desk.clock.forward(6_000);
    const second = await waitFor(async () => ((await find())?.attempts === 2 ? find() : undefined));
    expect(second).toMatchObject({ status: "dead", answer: { status: 550 } });
  });

  test.each([
    ["leave over STARTTLS, and the password before them", { secure: false, trusted: true }],
    ["leave over TLS, and the password before them", { secure: true, trusted: true }],
    ["and the password do not leave over STARTTLS to a server whose certificate is not trusted", { secure: false, trusted: false }],
    ["and the password do not leave over TLS to a server whose certificate is not trusted", { secure: true, trusted: false }],
  ])("%s", async (_name, { secure, trusted }) => {
    const logins: boolean[] = [];
    const mail = await startMailServer({
      ...SELF_SIGNED,
      secure,
      authOptional: false,
      onAuth: ({ username = "" }, session, done) => {
        logins.push(session.secure);
        done(null, { user: username });
      },
    });
    if (trusted) trust(SELF_SIGNED.cert);
    const url = mail.url.replace("smtp:", secure ? "smtps:" : "smtp:").replace("127.0.0.1", "localhost");
    const desk = await openDesk(url, { notify: ["person.asked"], encryption: "required" });
    desk.start();
    await append(desk, { type: "person-asked", by: CUSTOMER, open: false });
    const { status, answer } = await attempted(desk);
    const fault = "The mail server's certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT).";
    expect({ status, answer, logins, letters: mail.taken.map((letter) => letter.secure) }).toMatchObject(
      trusted
        ? { status: "delivered", logins: [true], letters: [true] }
        : { status: "waiting", answer: { fault }, logins: [], letters: [] },
    );
  });

  test("do not leave unencrypted unless that is allowed, and the password is in nothing that is kept", async () => {
    const mail = await startMailServer({ disabledCommands: ["STARTTLS"] });
    const strict = await openDesk(mail.url, { notify: ["person.asked"], encryption: "required" });
    const wrong = await openDesk(mail.url.replace("desk:", "other:"), { notify: ["person.asked"] });
    const unencrypted = { fault: "The mail server offers no encryption, which smtp.encryption requires." };
    const refused = {
      status: 535,
      text: "535 No, [secret] is wrong",
      fault: "The mail server refuses the name or the password of smtp.url.",
    };
    for (const [desk, answer] of [
      [strict, unencrypted],
      [wrong, refused],
    ] as const) {
      desk.start();
      await append(desk, { type: "person-asked", by: CUSTOMER, open: false });
      const delivery = await attempted(desk);
      expect(delivery).toMatchObject({ status: "waiting", answer });
      expect(JSON.stringify([delivery, desk.logged])).not.toMatch(/pass word|pass%20word/);
    }
    expect(mail.taken).toEqual([]);
  });
});

test("an address is one address: nothing in it becomes a second one or a header", () => {
  for (const good of ["kim@home.example", "a.b+c@mail.home.example"]) expect(mailAddress.safeParse(good).success).toBe(true);
  for (const bad of [
    "kim@home.example,all@shop.example",
    "kim@home.example\r\nBcc: all@shop.example",
    "Kim <kim@home.example>",
    "kim",
    '"kim@a.example"@home.example',
    "kim@home.example;",
    `${"a".repeat(250)}@home.example`,
  ])
    expect(mailAddress.safeParse(bad).success).toBe(false);
  expect(subjectOf("Shop\r\nBcc: x\u2028y\0z")).toBe("Shop Bcc: x y z");
  expect(subjectOf("ä".repeat(300))).toHaveLength(150);
});
