import { storeContract } from "../contract/store.ts";
import { ModelStore } from "../contract/store-model.ts";

// The model is the measure of the real makers, so it stands under the same law.
storeContract("The model in memory", async () => {
  const store = new ModelStore();
  return { store, waiting: store, audit: async () => store.audit, reopen: async () => store, cleanup: async () => undefined };
});
