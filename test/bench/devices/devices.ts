/**
 * What a device at the endpoint costs: memory for each of many sockets with one tool, and what a call takes there and
 * back. The floor is a bare `ws` server with the same devices. Run alone: `npm run bench -- --only devices`.
 */
import { setTimeout as pause } from "node:timers/promises";
import { WebSocket } from "ws";
import type { Bench, Figure } from "../figure.ts";
import { bestMedian } from "../samples.ts";
import { Child } from "../server/child.ts";
import { settled } from "../server/memory.ts";

const DEVICES = 1_000;
const WARM_UP = 20;
const CALL_ROUNDS = 3;
const AT_ONCE = 50;

const ours = (): Promise<Child> => Child.start([new URL("ours-process.ts", import.meta.url).pathname], { settles: true });
const floor = (): Promise<Child> => Child.start([new URL("floor-process.ts", import.meta.url).pathname], { settles: true });

export const benchDevices: Bench = async ({ fast }) => {
  const count = fast ? 100 : DEVICES;
  const [measured, bare] = [await measure(ours, count), await measure(floor, count)];
  const figures: Figure[] = [
    { name: `memory of a device's socket over a bare one's (${count})`, value: measured.kB - bare.kB, unit: "kB", budget: 40 },
    { name: `memory of a device's socket (${count})`, value: measured.kB, unit: "kB", floor: bare.kB },
    { name: "a call of a device's tool: added to the floor's", value: measured.callMs - bare.callMs, unit: "ms", budget: 2 },
    { name: "a call of a device's tool, median", value: measured.callMs, unit: "ms", floor: bare.callMs },
  ];
  return figures;
};

async function measure(start: () => Promise<Child>, count: number): Promise<{ readonly kB: number; readonly callMs: number }> {
  const child = await start();
  try {
    // So that everything which is loaded late is there.
    const first = await connect(child, WARM_UP, WARM_UP);
    await get<number[]>(child, "/calls");
    const without = await settled(child);
    const sockets = await connect(child, count, WARM_UP + count);
    const grown = await settled(child);
    const samples: number[][] = [];
    for (let round = 0; round < CALL_ROUNDS; round += 1) samples.push(await get<number[]>(child, "/calls"));
    for (const socket of [...first, ...sockets]) socket.terminate();
    const kB = Math.max(grown.resident - without.resident, grown.living - without.living) / count / 1000;
    return { kB, callMs: bestMedian(samples) };
  } finally {
    await child.stop();
  }
}

async function get<Answer>(child: Child, path: string): Promise<Answer> {
  return (await (await fetch(`${child.url}${path}`)).json()) as Answer;
}

async function connect(child: Child, count: number, ready: number): Promise<readonly WebSocket[]> {
  const url = `${child.url.replace("http", "ws")}/mcp_endpoint/mcp/?token=${await get<string>(child, "/token")}`;
  const sockets: WebSocket[] = [];
  while (sockets.length < count) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - sockets.length) }, (_, at) =>
      device(url, `device-${ready}-${sockets.length + at}`),
    );
    await Promise.all(some.map((socket) => new Promise((resolve) => socket.once("open", resolve))));
    sockets.push(...some);
  }
  while ((await get<number>(child, "/ready")) < ready) await pause(50);
  return sockets;
}

/** One with one tool. */
function device(url: string, name: string): WebSocket {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  socket.on("message", (data: Buffer) => {
    const { id, method } = JSON.parse(data.toString("utf8")) as { id?: number; method?: string };
    if (id === undefined) return;
    socket.send(JSON.stringify({ jsonrpc: "2.0", id, result: answer(method, name) }));
  });
  return socket;
}

function answer(method: string | undefined, name: string): object {
  if (method === "initialize") return { protocolVersion: "2024-11-05", capabilities: { tools: {} }, serverInfo: { name, version: "1" } };
  if (method === "tools/call") return { content: [{ type: "text", text: "It is on its way." }] };
  if (method !== "tools/list") return {};
  const inputSchema = {
    type: "object",
    properties: { order: { type: "string", description: "The order's number." } },
    required: ["order"],
  };
  return { tools: [{ name: `look_up_${name.replaceAll("-", "_")}`, description: "Looks an order up.", inputSchema }] };
}
