export { executeOnce, modelContext } from "../../../widget/page/model-context.ts";
