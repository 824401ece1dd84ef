/** The browser's own `Event`: old libraries put something else in its place, which no class can extend. */
export const NativeEvent = Object.getPrototypeOf(UIEvent) as typeof Event;
