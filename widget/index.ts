/** What `import "frontdesk"` gives: the element is defined, its class, events and types are here. */
export { FrontDesk } from "./elements/panel/front-desk.ts";
export {
  FrontDeskAnswerEvent,
  FrontDeskApprovalEvent,
  FrontDeskCloseEvent,
  FrontDeskConnectionEvent,
  FrontDeskErrorEvent,
  FrontDeskMessageEvent,
  FrontDeskOpenEvent,
  FrontDeskQuestionEvent,
} from "./elements/panel/front-desk-events.ts";
export type { PageTool } from "./page/page-tool.ts";
export type { ErrorCode, WireError } from "../protocol/errors.ts";
