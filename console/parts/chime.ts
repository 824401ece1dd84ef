/** The sound of a notice, made here: no file has to come first. */
let context: AudioContext | undefined;

/** Called in a press: only then does a browser let a page make itself heard. */
export async function unlockSound(): Promise<boolean> {
  try {
    context ??= new AudioContext();
    await context.resume();
  } catch {
    return false;
  }
  return !isSoundBlocked();
}

/** Whether the browser would let nothing be heard now: nobody has pressed anything on this page yet. */
export function isSoundBlocked(): boolean {
  return context?.state !== "running";
}

/** Two short tones. False: the browser blocks it. */
export function playChime(): boolean {
  if (context === undefined || isSoundBlocked()) return false;
  const start = context.currentTime;
  for (const [at, frequency] of [
    [0, 660],
    [0.14, 880],
  ] as const) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.0001, start + at);
    volume.gain.exponentialRampToValueAtTime(0.2, start + at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + at + 0.25);
    tone.connect(volume).connect(context.destination);
    tone.start(start + at);
    tone.stop(start + at + 0.3);
  }
  return true;
}
