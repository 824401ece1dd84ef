import { MemoryLine, welcomeFrame } from "../support/memory-line.ts";
import { lineLaw } from "./line.ts";

lineLaw("memoryLine", () => {
  const memory = new MemoryLine();
  return Promise.resolve({
    server: "https://desk.example",
    openLine: memory.openLine,
    hellos: memory.hellos,
    answer: (answer) => {
      memory.answer = answer;
    },
    refuseNext: (error) => {
      memory.welcome = () => {
        memory.welcome = () => welcomeFrame();
        return error;
      };
    },
    send: (kind, frame) => memory.send(kind, frame),
    drop: () => memory.drop(),
    dismiss: () => memory.drop(),
    flush: () => memory.flush(),
    close: () => Promise.resolve(),
  });
});
