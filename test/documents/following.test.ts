import { expect, test } from "vitest";
import { type Follower, Following } from "../../server/documents/following.ts";
import type { ChangedDocuments, DocumentKind } from "../../server/documents/ports.ts";
import { createMemoryDocuments } from "../support/memory-documents.ts";

const write = (documents: ReturnType<typeof createMemoryDocuments>, ...kinds: readonly DocumentKind[]): Promise<void> =>
  documents.write(
    kinds.map((kind) => ({ do: "replace", kind, id: kind, body: 1, orCreate: true })),
    { at: 1 },
  );

const follower = (kinds: readonly DocumentKind[], follow: Follower["follow"]): Follower => ({ kinds, follow });
const names = (changed: readonly ChangedDocuments[]): string => changed.map(({ kind }) => kind).join("+");

test("followers are called in their order, each when those before it are done, with what concerns it", async () => {
  const documents = createMemoryDocuments();
  const order: string[] = [];
  new Following(documents, [
    follower(["share"], async (changed) => {
      order.push(`first begins with ${names(changed)}`);
      await Promise.resolve();
      order.push("first is done");
    }),
    follower(["share", "person"], (changed) => void order.push(`second has ${names(changed)}`)),
    follower(["group"], () => void order.push("third")),
  ]);
  await write(documents, "person", "share");
  expect(order).toEqual(["first begins with share", "first is done", "second has person+share"]);
});

test("one that is added later comes after all others, until it is taken away", async () => {
  const documents = createMemoryDocuments();
  const order: string[] = [];
  const following = new Following(documents, [follower(["share"], async () => void order.push("first"))]);
  const end = following.afterwards(follower(["share", "group"], (changed) => void order.push(`last has ${names(changed)}`)));
  await write(documents, "share");
  await write(documents, "group");
  end();
  await write(documents, "share", "group");
  expect(order).toEqual(["first", "last has share", "last has group", "first"]);
});

test("writes that come meanwhile are followed together, and each waits until it is", async () => {
  const documents = createMemoryDocuments();
  const passes: string[] = [];
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  new Following(documents, [
    follower(["share", "group", "person"], async (changed) => {
      passes.push(names(changed));
      begun.resolve();
      await gate.promise;
    }),
  ]);
  const answered: string[] = [];
  const first = write(documents, "share").then(() => answered.push("share"));
  await begun.promise;
  const others = [write(documents, "group"), write(documents, "person")];
  expect(answered).toEqual([]);
  gate.resolve();
  await Promise.all([first, ...others]);
  expect(passes).toEqual(["share", "group+person"]);
});

test("one that fails stops no other, and the log says why", async () => {
  const logged: string[] = [];
  const documents = createMemoryDocuments({ error: (fields) => void logged.push(JSON.stringify(fields)) });
  const order: string[] = [];
  new Following(documents, [
    follower(["share"], () => {
      throw new Error("the disk is gone");
    }),
    follower(["share"], () => void order.push("second")),
  ]);
  await write(documents, "share");
  await write(documents, "share");
  expect(order).toEqual(["second", "second"]);
  expect(logged.join()).toContain("the disk is gone");
});
