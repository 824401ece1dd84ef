import { createLocalLock } from "../../server/foundation/local-lock.ts";
import { lockContract } from "../contract/lock.ts";

lockContract("The lock of one process", async () => createLocalLock());
