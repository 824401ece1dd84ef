import { RequestError } from "../../../protocol/errors.ts";
import {
  type ParsedStaffRequest,
  STAFF_LINE_VERSION,
  staffHelloSchema,
  type StaffReplies,
  type StaffRequestName,
  staffRequestSchemas,
  type StaffWelcome,
} from "../../../protocol/staff-frames.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { Limits } from "../../guard/limits/limits.ts";
import { addressOf } from "../../guard/network/address.ts";
import { mayDo } from "../../identity/staff/actions.ts";
import type { LastingSignIn, LastingSignIns } from "../../identity/staff/lasting-sign-in.ts";
import { Answering } from "../line/answering.ts";
import { describeFaults } from "../line/frame-check.ts";
import { refuseWhileStopping } from "../stopping.ts";
import type { SignedInSockets } from "./signed-in-sockets.ts";
import type { StaffLine, StaffSocket } from "./staff-line.ts";
import { STAFF_REQUESTS, type StaffRequest, type StaffRequestPorts } from "./staff-requests.ts";

export interface StaffGatewayPorts extends StaffRequestPorts {
  readonly io: StaffLine;
  readonly signIns: Pick<LastingSignIns, "begin">;
  readonly sockets: Pick<SignedInSockets, "add" | "delete">;
  readonly limits: Pick<Limits, "request">;
  readonly trustedProxies: number;
  readonly clock: Pick<Clock, "now">;
  readonly isStopping: () => boolean;
  readonly log: Log;
}

/**
 * The staff line: who it is, then requests that are parsed here, limited, compared with the sender's rights of this
 * moment, and handed on. It decides nothing else.
 */
export class StaffGateway {
  readonly #ports: StaffGatewayPorts;
  readonly #answering: Answering<StaffSocket, StaffRequestName>;

  constructor(ports: StaffGatewayPorts) {
    this.#ports = ports;
    this.#answering = new Answering({
      ...ports,
      kind: "staff",
      isRequest: isStaffRequest,
      isLarge: (name) => STAFF_REQUESTS[name].largeReply === true,
      count: ({ data }) => ports.limits.request({ id: limitedAs(data.signIn), assistant: "", address: data.address }),
      carryOut: (socket, name, frame) => this.#carryOut(socket, name, frame),
      senderOf: ({ data }) => ({ address: data.address, named: { staffId: data.signIn.staff.id } }),
    });
    ports.io.use((socket, next) => {
      this.#hello(socket).then(
        () => next(),
        (error: unknown) => next(this.#connectError(error)),
      );
    });
    ports.io.on("connection", (socket) => void this.#welcome(socket));
  }

  async #hello(socket: StaffSocket): Promise<void> {
    refuseWhileStopping(this.#ports.isStopping);
    const request = socket.conn.request as StaffSocket["conn"]["request"] | null;
    if (request === null) throw new RequestError("bad-request", { detail: "This socket has already said hello. Open another one." });
    const key = readHello(socket.handshake.auth);
    const address = addressOf(request, this.#ports.trustedProxies);
    const { cookie, authorization } = request.headers;
    const signIn = await this.#ports.signIns.begin({
      authorization: key === undefined ? authorization : `Bearer ${key}`,
      cookie,
      address,
    });
    if (signIn === undefined) throw new RequestError("unauthenticated");
    socket.data.signIn = signIn;
    socket.data.address = address;
    socket.data.session?.greeted(limitedAs(signIn));
  }

  async #welcome(socket: StaffSocket): Promise<void> {
    const { sockets, watched, clock } = this.#ports;
    // The cookie and the key are not kept.
    Object.assign(socket.conn, { request: null });
    Object.assign(socket, { handshake: undefined });
    socket.on("disconnecting", () => watched.going(socket));
    socket.on("disconnect", () => sockets.delete(socket.id));
    // Its sign-in may have ended since it was looked up.
    const isWelcome = sockets.add(socket);
    this.#answering.answer(socket, isWelcome);
    if (await isWelcome) socket.emit("welcome", welcomeOf(socket.data.signIn, clock.now()));
  }

  async #carryOut<N extends StaffRequestName>(socket: StaffSocket, name: N, frame: unknown): Promise<StaffReplies[N]> {
    const request: StaffRequest<N> = STAFF_REQUESTS[name];
    const { staff } = socket.data.signIn;
    if (!mayDo(staff, request.action)) throw new RequestError("forbidden", { detail: `This needs the right ${request.action}.` });
    const parsed = staffRequestSchemas[name].safeParse(frame);
    if (!parsed.success) throw new RequestError("bad-request", { detail: describeFaults(parsed.error) });
    return request.carryOut(this.#ports, socket, parsed.data as ParsedStaffRequest<N>);
  }

  #connectError(error: unknown): Error {
    const refusal = error instanceof RequestError ? error : new RequestError("internal");
    if (refusal !== error) this.#ports.log.error({ error }, "A hello on the staff line failed.");
    return Object.assign(new Error(refusal.message), { data: refusal.toWire() });
  }
}

/** Its API key, if it has one. Throws `RequestError` `bad-request` or `unsupported-version`. */
function readHello(auth: unknown): string | undefined {
  const parsed = staffHelloSchema.safeParse(auth);
  if (!parsed.success) throw new RequestError("bad-request", { detail: describeFaults(parsed.error) });
  const { version, key } = parsed.data;
  if (version === STAFF_LINE_VERSION) return key;
  throw new RequestError("unsupported-version", { detail: `You speak ${version}, the server ${STAFF_LINE_VERSION}.` });
}

function welcomeOf({ staff }: LastingSignIn, now: number): StaffWelcome {
  const { kind, id, name } = staff;
  const may = (Object.keys(STAFF_REQUESTS) as StaffRequestName[]).filter((request) => mayDo(staff, STAFF_REQUESTS[request].action));
  return { version: STAFF_LINE_VERSION, staff: { kind, id, name }, may, now };
}

/** Staff and customers are counted beside each other, so no id of theirs may be the same. */
function limitedAs({ staff: { kind, id } }: LastingSignIn): string {
  return `staff/${kind}/${id}`;
}

function isStaffRequest(name: unknown): name is StaffRequestName {
  return typeof name === "string" && Object.hasOwn(staffRequestSchemas, name);
}
