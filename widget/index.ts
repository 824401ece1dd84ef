/** What `import "frontdesk"` gives: the element is defined, its class, events and types are here. */
export { FrontDesk } from "./elements/front-desk.ts";
export {
  FrontDeskAnswerEvent,
  FrontDeskApprovalEvent,
  FrontDeskCloseEvent,
  FrontDeskErrorEvent,
  FrontDeskMessageEvent,
  FrontDeskOpenEvent,
} from "./elements/front-desk-events.ts";
export type { ErrorCode, WireError } from "../protocol/errors.ts";
