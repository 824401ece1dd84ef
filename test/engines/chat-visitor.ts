import { Person } from "./person.ts";

/** A person before a page that has the chat. */
export class ChatVisitor extends Person {
  async openPanel(): Promise<void> {
    await this.click({ role: "button", name: "Open chat" });
    await this.sees({ role: "textbox", name: "Message" }, ({ hasFocus }) => hasFocus);
  }

  /** Writes and sends as a person does, who sees that it left the field. */
  async ask(text: string): Promise<void> {
    const field = { role: "textbox", name: "Message" };
    await this.write(field, text);
    await this.click({ role: "button", name: "Send" });
    await this.sees(field, ({ value }) => value === "");
  }

  /** All that the thread says now. */
  async thread(): Promise<string> {
    return (await this.look({ role: "log" })).map(({ text }) => text).join("\n");
  }

  async answered(text: string): Promise<void> {
    await this.sees({ text, within: { role: "log" } });
  }

  /** How light the panel's ground and its text are: 0 is black, 1 is white. */
  lightness(): Promise<{ readonly ground: number; readonly text: number }> {
    return this.tab.call(() => {
      const panel = document.querySelector("front-desk")?.shadowRoot?.querySelector(".panel");
      if (!panel) throw new Error("There is no panel.");
      const canvas = document.createElement("canvas").getContext("2d")!;
      const lightness = (colour: string): number => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
        return (red + green + blue) / 765;
      };
      const { backgroundColor, color } = getComputedStyle(panel);
      return { ground: lightness(backgroundColor), text: lightness(color) };
    });
  }
}
