/** Where a floating panel fills the screen: phones, and windows that zoom has made as small. */
export const PHONE_QUERY = "(max-width: 479px), (max-height: 479px)";

/** Whether a keyboard on the screen comes with the cursor, and covers half of what is there. */
export const isTouch = (): boolean => matchMedia("(pointer: coarse)").matches;
