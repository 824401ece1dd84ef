import { comes } from "./comes.ts";
import { press, wantedBy } from "./drawn.ts";
import { same } from "./same.ts";
import { StagedView } from "./staged-view.ts";

describe("a view that asks the customer", () => {
  it("asks before it opens a page, and shows the whole address", async () => {
    const view = new StagedView();
    await view.shakeHands();
    const answer = view.ask("ui/open-link", { url: "https://shop.example/a?b=c#d" });
    await comes("the question", () => view.element.querySelector(".card") !== null);
    same(view.element.querySelector(".card")!.getAttribute("role"), "alertdialog");
    same(view.element.querySelector(".address")!.textContent, "https://shop.example/a?b=c#d");
    const link = view.element.querySelector<HTMLAnchorElement>(".card a")!;
    same([link.href, link.target, link.rel], ["https://shop.example/a?b=c#d", "_blank", "noopener noreferrer"]);
    link.addEventListener("click", (event) => event.preventDefault());
    link.click();
    same((await answer()).result, {});
    same(view.element.querySelector(".card"), null);
    same(view.notes.slice(1), ["link-asked", "link-opened"]);
  });

  it("has a message sent only by the person, with what cannot be seen spelled out", async () => {
    const view = new StagedView();
    await view.shakeHands();
    const wanted = await wantedBy(view.element, async () => {
      const first = view.ask("ui/message", { role: "user", content: [{ type: "text", text: "Book it\u202E now" }] });
      await comes("the question", () => view.element.querySelector(".said") !== null);
      same(view.element.querySelector(".said")!.textContent, "Book it⟨U+202E⟩ now");
      press(view.element, "No");
      same((await first()).result, { isError: true });
      const second = view.ask("ui/message", { role: "user", content: [{ type: "text", text: "Book it" }] });
      await comes("the question", () => view.element.querySelector(".card") !== null);
      press(view.element, "Send");
      same((await second()).result, {});
    });
    same(wanted, [{ kind: "send", text: "Book it", view: "call-look-up" }]);
  });

  it("shows all of a long message before the buttons, with nothing that scrolls inside", async () => {
    const view = new StagedView();
    await view.shakeHands();
    const text = Array.from({ length: 80 }, (_, line) => `Line ${line}`).join("\n");
    const answer = view.ask("ui/message", { role: "user", content: [{ type: "text", text }] });
    const said = await comes("the question", () => view.element.querySelector<HTMLElement>(".said"));
    same(said.scrollHeight, said.clientHeight);
    same(getComputedStyle(said).overflowY, "visible");
    same(said.getBoundingClientRect().bottom <= view.element.querySelector(".choices")!.getBoundingClientRect().top, true);
    press(view.element, "No");
    await answer();
  });

  it("lets people come to the end of a long message in full screen too", async () => {
    const view = new StagedView();
    await view.shakeHands();
    const text = Array.from({ length: 80 }, (_, line) => `Line ${line}`).join("\n");
    view.ask("ui/message", { role: "user", content: [{ type: "text", text }] });
    await comes("the question", () => view.element.querySelector(".said") !== null);
    const whole = view.element.querySelector<HTMLElement>(".view")!;
    whole.popover = "manual";
    whole.showPopover();
    const send = view.element.querySelector(".card .primary")!;
    same(send.getBoundingClientRect().top > innerHeight, true);
    whole.scrollTop = whole.scrollHeight;
    same(send.getBoundingClientRect().bottom <= innerHeight, true);
    same(getComputedStyle(whole).overflowY, "auto");
  });

  it("takes no press that was meant for what was there before its question, and does not move while it asks", async () => {
    const view = new StagedView();
    await view.shakeHands();
    view.tell("ui/notifications/size-changed", { height: 300 });
    await comes("its height", () => view.frame!.offsetHeight === 300);
    const click = (): boolean => {
      const button = view.element.querySelector(".card .primary");
      return button?.dispatchEvent(new MouseEvent("click", { detail: 1, bubbles: true, cancelable: true })) ?? true;
    };
    const answer = view.ask("ui/message", { role: "user", content: [{ type: "text", text: "Book it" }] });
    await comes("the question", () => view.element.querySelector(".card") !== null);
    same(click(), false);
    view.tell("ui/notifications/size-changed", { height: 60 });
    await view.ask("ping")();
    same(view.frame!.offsetHeight, 300);
    const wanted = await wantedBy(view.element, async () => {
      await comes("a press that counts", () => click() && view.element.querySelector(".card") === null);
      same((await answer()).result, {});
    });
    same(wanted, [{ kind: "send", text: "Book it", view: "call-look-up" }]);
    await comes("the height that it said", () => view.frame!.offsetHeight === 60);
  });

  it("asks one thing at a time, and no more once it was declined three times", async () => {
    const view = new StagedView();
    await view.shakeHands();
    for (let time = 0; time < 3; time += 1) {
      const first = view.ask("ui/open-link", { url: `https://shop.example/${time}` });
      await comes("the question", () => view.element.querySelector(".card") !== null);
      same((await view.ask("ui/open-link", { url: "https://shop.example/meanwhile" })()).result, { isError: true });
      same(view.element.querySelector(".address")!.textContent, `https://shop.example/${time}`);
      press(view.element, "No");
      same((await first()).result, { isError: true });
    }
    same((await view.ask("ui/open-link", { url: "https://shop.example/4" })()).result, { isError: true });
    same(view.element.querySelector(".card"), null);
  });
});
