import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openStage, type Stage } from "./stage.ts";
import type { Visit } from "./visit.ts";

let stage: Stage;
beforeAll(async () => {
  // Slow enough to find an answer in its middle.
  stage = await openStage({ tokensPerSecond: 250 });
});
afterEach(async ({ task }) => {
  expect(await stage.endVisits(task)).toEqual([]);
});
afterAll(() => stage.close());

async function arriveAndAsk(): Promise<Visit> {
  const visit = await stage.visit("/");
  await visit.openPanel();
  await visit.ask("Where is order 1042?");
  await visit.answered("The parcel is with Heron Post");
  return visit;
}

/** As Turbo and its like: the next page is fetched, its body takes the place of this one's, and its scripts run. */
async function swapBody(visit: Visit, path: string): Promise<void> {
  await visit.page.evaluate(async (to) => {
    const response = await fetch(to);
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    history.pushState({}, "", to);
    document.documentElement.replaceChild(document.adoptNode(next.body), document.body);
    for (const old of next.querySelectorAll("script[data-assistant]")) {
      const script = document.createElement("script");
      for (const { name, value } of old.attributes) script.setAttribute(name, value);
      document.head.append(script);
      await new Promise((resolve) => script.addEventListener("load", resolve));
    }
  }, path);
}

/** Whether the element is still the very object that was marked. */
async function isTheSame(visit: Visit): Promise<boolean> {
  return visit.scope.evaluate((element) => element.hasAttribute("data-marked"));
}

test("a swap of the page's body keeps the widget, its panel and its conversation; so do many", async () => {
  const visit = await arriveAndAsk();
  await visit.scope.evaluate((element) => element.setAttribute("data-marked", ""));
  for (const path of ["/orders", "/products/hush-mug", "/orders/1042", "/"]) {
    await swapBody(visit, path);
    expect(await visit.page.locator("front-desk").count()).toBe(1);
    expect(await isTheSame(visit)).toBe(true);
    await visit.answered("The parcel is with Heron Post");
  }
  await visit.ask("Where is order 1041?");
  await visit.answered("The parcel of order 1041 was delivered");
  expect(await visit.said()).toEqual(["Where is order 1042?", "Where is order 1041?"]);
});

test("a swap before anybody pressed the launcher keeps one launcher that works", async () => {
  const visit = await stage.visit("/");
  await visit.openChat.waitFor();
  await swapBody(visit, "/orders");
  expect(await visit.page.getByRole("button", { name: "Open chat" }).count()).toBe(1);
  await visit.openPanel();
  await visit.ask("Hello");
  await visit.answered("I am the scripted model of this demo");
});

test("the element taken out and put back goes on where it was, even in the middle of an answer", async () => {
  const visit = await arriveAndAsk();
  await visit.page.evaluate(() => {
    const element = document.querySelector("front-desk");
    if (element === null) throw new Error("There is no element.");
    element.remove();
    (globalThis as { kept?: Element }).kept = element;
  });
  expect(await visit.page.locator("front-desk").count()).toBe(0);
  await visit.page.evaluate(() => document.querySelector("main")?.append((globalThis as { kept?: Element }).kept ?? ""));
  await visit.answered("The parcel is with Heron Post");
  await visit.ask("Write a long answer about glazes");
  await visit.answered("as firm as cold butter");
  await visit.page.evaluate(() => {
    const element = document.querySelector("front-desk");
    element?.remove();
    document.body.append(element ?? "");
  });
  await visit.answered("the script thanks you.");
  await visit.settled();
  expect(await visit.said()).toEqual(["Where is order 1042?", "Write a long answer about glazes"]);
  expect((await visit.answerTexts()).join("\n").split("the script thanks you.")).toHaveLength(2);
});

test("the pasted script twice makes one widget", async () => {
  const visit = await arriveAndAsk();
  await visit.page.evaluate(async () => {
    const old = document.querySelector<HTMLScriptElement>("script[data-assistant]");
    for (const query of ["", "?again"]) {
      const script = document.createElement("script");
      script.src = `${old?.src ?? ""}${query}`;
      script.dataset["assistant"] = "shop";
      document.head.append(script);
      await new Promise((resolve) => script.addEventListener("load", resolve));
    }
  });
  expect(await visit.page.locator("front-desk").count()).toBe(1);
  await visit.ask("Hello");
  await visit.answered("I am the scripted model of this demo");
  expect(await visit.said()).toEqual(["Where is order 1042?", "Hello"]);
});

test("two elements with different ids on one page stay separate, also after a reload", async () => {
  const visit = await stage.visit("/orders");
  await visit.openChat.waitFor();
  const place = async (): Promise<void> =>
    visit.page.evaluate(
      async ({ server }) => {
        for (const id of ["upper", "lower"]) {
          const element = document.createElement("front-desk");
          for (const [name, value] of Object.entries({ id, server, assistant: "shop", mode: "inline" })) element.setAttribute(name, value);
          document.querySelector("main")?.append(element);
        }
        await customElements.whenDefined("front-desk");
      },
      { server: stage.demo.deskUrl },
    );
  await place();
  const upper = visit.within("#upper");
  const lower = visit.within("#lower");
  await upper.ask("Where is order 1042?");
  await lower.ask("Where is order 1041?");
  await upper.answered("The parcel is with Heron Post");
  await lower.answered("The parcel of order 1041 was delivered");
  expect(await upper.said()).toEqual(["Where is order 1042?"]);
  expect(await lower.said()).toEqual(["Where is order 1041?"]);

  await visit.page.reload();
  await visit.openChat.first().waitFor();
  await place();
  await upper.answered("The parcel is with Heron Post");
  await lower.answered("The parcel of order 1041 was delivered");
  expect(await upper.said()).toEqual(["Where is order 1042?"]);
  expect(await lower.said()).toEqual(["Where is order 1041?"]);
  await upper.newConversation.click();
  await upper.log.getByText("Hello, this is the Lull assistant.").waitFor();
  expect(await upper.bubbles.count()).toBe(0);
  expect(await lower.said()).toEqual(["Where is order 1041?"]);

  // The launcher's own chat never heard of either.
  await visit.openChat.click();
  await visit.within("front-desk:not([id])").log.getByText("Hello, this is the Lull assistant.").waitFor();
  expect(await visit.within("front-desk:not([id])").bubbles.count()).toBe(0);
});
