import { offServerCore } from "./cores.ts";
import { connectMany } from "./server/customer.ts";
import { onStage } from "./server/stage.ts";
import { profileInto } from "./server/child.ts";
import { median } from "./samples.ts";
if (process.argv.includes("--profile")) profileInto("/tmp/exp/prof");
const kind = process.argv.includes("--tool") ? "tool" : "text";
await offServerCore(() => onStage({ tools: kind === "tool" }, async (stage) => {
  const children = { ours: await stage.server(), relay: await stage.floor(), durable: await stage.floor({ durable: true }) };
  for (const round of [0, 1, 2]) for (const [name, child] of Object.entries(children)) {
    const [c] = await connectMany(child.url, 1);
    const n = 300;
    const cs = kind === "tool" ? [c!] : [c!];
    const before = child.cpuSeconds();
    const words: number[] = [];
    let customer = cs[0]!;
    for (let i = 0; i < n; i++) {
      if (i % 10 === 0 ) { customer.close(); [customer] = await connectMany(child.url, 1) as any; }
      const t = await customer.ask({ kind: kind as "text", tokens: 2, gapMs: 2, waitMs: 3 });
      words.push((t.firstCame - t.sent - (t.firstLeft - t.asked)) / 1000);
    }
    customer.close();
    const cpu = (child.cpuSeconds() - before) / n * 1000;
    console.log(round, name, "cpu ms/msg", cpu.toFixed(2), "send→word median", median(words).toFixed(2), "p10", words.toSorted((a,b)=>a-b)[30]!.toFixed(2));
  }
}));
process.exit();
