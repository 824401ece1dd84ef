/** A press counts once the page was clicked, in every engine: what stories stand on. */
import { test } from "vitest";
import type { Engine } from "./engine.ts";
import { Person } from "./person.ts";

/** Moves away under the first press, so that the press ends elsewhere and is no click. */
const PAGE = `<!doctype html><button>Move</button><script>
  const button = document.querySelector("button");
  button.onpointerdown = () => (button.style.marginTop = "200px");
  button.onclick = () => (button.textContent = "Clicked");
</script>`;

export function pressing(engine: () => Engine): void {
  test("what moves away under a press is pressed again", async () => {
    const customer = await engine().newCustomer();
    try {
      const person = new Person(await customer.open(`data:text/html,${encodeURIComponent(PAGE)}`));
      await person.click({ role: "button", name: "Move" });
      await person.sees({ role: "button", name: "Clicked" });
    } finally {
      await customer.close();
    }
  });
}
