export { hiddenShown } from "../../parts/hidden-shown.ts";
