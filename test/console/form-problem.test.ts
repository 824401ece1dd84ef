/** What a form says after it was refused. */
import { expect, test, vi } from "vitest";

test("that something was refused is said until the next change", async () => {
  vi.stubGlobal("document", { documentElement: { lang: "en", dataset: {} } });
  vi.doMock("../../console/foundation/router.ts", () => ({ router: { guard: () => () => undefined } }));
  const [{ Form }, { ApiProblem }] = await Promise.all([
    import("../../console/foundation/form.ts"),
    import("../../console/api/problem.ts"),
  ]);
  const host = { addController: () => undefined, requestUpdate: () => undefined };
  const form = new Form(host as never, { name: "", model: "" });
  const refuse = (code: string, faults: { path: string; message: string }[] = []) =>
    form.submit(() => Promise.reject(new ApiProblem({ status: 422, code, title: "Not valid.", faults })));
  const drawn = () => true;

  await refuse("invalid", [
    { path: "/name", message: "Fill this in." },
    { path: "/model", message: "Fill this in." },
  ]);
  expect(form.problemBeside(drawn)).toBeUndefined();
  form.set("/name", "Pots");
  expect(form.fault("/model")).toBe("Fill this in.");
  form.set("/model", "one");
  expect(form.problemBeside(drawn)).toBeUndefined();

  await refuse("invalid", [{ path: "/elsewhere", message: "Unknown." }]);
  expect(form.problemBeside((path) => path === "/name")?.code).toBe("invalid");
  form.set("/name", "Pans");
  expect(form.problemBeside((path) => path === "/name")).toBeUndefined();

  // It is not about what was typed.
  await refuse("unauthenticated");
  form.set("/name", "Cups");
  expect(form.problemBeside(drawn)?.code).toBe("unauthenticated");
});
