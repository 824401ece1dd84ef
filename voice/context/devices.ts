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
