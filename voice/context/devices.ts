/** A microphone, or a loudspeaker. */
export interface AudioDevice {
  readonly id: string;
  /** Empty until the customer has allowed the microphone. */
  readonly label: string;
}

export interface AudioDevices {
  readonly microphones: readonly AudioDevice[];
  /** Empty where the browser lets no page choose. */
  readonly speakers: readonly AudioDevice[];
}

/** Chromium's names for what the system chose, beside the devices themselves. */
const CHOSEN_BY_SYSTEM = new Set(["default", "communications", ""]);

/** Firefox answers only once the page is looked at. */
const ANSWER_WITHIN_MS = 1000;

/** What there is to choose from, beside the system's default. Asks for no permission. */
export async function listDevices(): Promise<AudioDevices> {
  const media = navigator.mediaDevices as MediaDevices | undefined;
  const devices = (await media?.enumerateDevices()) ?? [];
  const ofKind = (kind: MediaDeviceKind): AudioDevice[] =>
    devices
      .filter((device) => device.kind === kind && !CHOSEN_BY_SYSTEM.has(device.deviceId))
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  const canChoose = typeof AudioContext !== "undefined" && "setSinkId" in AudioContext.prototype;
  return { microphones: ofKind("audioinput"), speakers: canChoose ? ofKind("audiooutput") : [] };
}

/** Calls back when a device came or went, until the signal says no more. */
export function followDevices(changed: () => void, signal: AbortSignal): void {
  (navigator.mediaDevices as MediaDevices | undefined)?.addEventListener("devicechange", changed, { signal });
}

/** Whether the device is among those of its kind; undefined where the browser does not tell. */
export async function hasDevice(kind: MediaDeviceKind, deviceId: string): Promise<boolean | undefined> {
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, ANSWER_WITHIN_MS, undefined));
  const devices = await Promise.race([navigator.mediaDevices.enumerateDevices(), late]);
  const ids = devices?.filter((device) => device.kind === kind).map((device) => device.deviceId);
  return ids === undefined || (ids.length > 0 && ids.every((id) => id === "")) ? undefined : ids.includes(deviceId);
}
