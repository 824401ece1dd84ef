const LARGEST = 32_768;

/** Plays audio of 16 bits and one channel, once. Resolves when it has been played. */
export async function playPcm({ pcm, sampleRate }: { readonly pcm: string; readonly sampleRate: number }): Promise<void> {
  const bytes = Uint8Array.from(atob(pcm), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const samples = Float32Array.from({ length: Math.floor(bytes.length / 2) }, (_, at) => view.getInt16(at * 2, true) / LARGEST);
  if (samples.length === 0) return;
  const context = new AudioContext();
  try {
    const buffer = context.createBuffer(1, samples.length, sampleRate);
    buffer.copyToChannel(samples, 0);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    const { promise, resolve } = Promise.withResolvers<void>();
    source.addEventListener("ended", () => resolve());
    source.start();
    await promise;
  } finally {
    await context.close();
  }
}
