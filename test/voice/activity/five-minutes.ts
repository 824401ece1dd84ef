import { recording } from "./recordings.ts";
import { atLevel, cough, inARow, looped, pinkNoise, ringTone, soundingMs, whiteNoise } from "./sounds.ts";

const RATE = 16_000;
/** Of quiet or noise before and after an utterance. */
const LEAD_SECONDS = 0.6;
const TAIL_SECONDS = 0.9;
const NOISE_SECONDS = 1.6;
/** As somebody before a notebook sounds. */
const SPEECH_LEVEL = 0.06;

/** Something that somebody says, with what is around it. */
export interface Utterance {
  readonly name: string;
  readonly samples: Float32Array;
  /** Where it can be heard. */
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface Noise {
  readonly name: string;
  readonly samples: Float32Array;
}

const ENGLISH = "asterisk/sounds/en_US_f_Allison";
const FRENCH = "asterisk/sounds/fr_CA_f_June";
const RUSSIAN = "asterisk/sounds/ru_RU_f_IvrvoiceRU";
const NOVEL = "pocketsphinx/test/data/librivox/sense_and_sensibility_01_austen_64kb";
const CARDS = "pocketsphinx/test/data/cards";

/** Sentences and single words of three women and two men, in three languages. */
const SAID: readonly string[] = [
  ...["agent-newlocation", "check-number-dial-again", "sorry-youre-having-problems", "please-try-call-later", "hello", "goodbye"].map(
    (name) => `${ENGLISH}/${name}.wav`,
  ),
  ...["digits/7", "digits/9", "vm-delete", "number"].map((name) => `${ENGLISH}/${name}.wav`),
  ...["all-circuits-busy-now", "please-try-again", "conf-onlyone", "im-sorry", "hello", "digits/3"].map((name) => `${FRENCH}/${name}.wav`),
  ...["conf-unlockednow", "pls-try-call-later", "vm-duration", "hello", "goodbye", "digits/5"].map((name) => `${RUSSIAN}/${name}.wav`),
  ...["0880", "0930"].map((part) => `${NOVEL}-${part}.wav`),
  ...["001", "002", "003", "004"].map((name) => `${CARDS}/${name}.wav`),
];

/** The utterances, with the noise given; without, with silence. */
export async function utterances(noise?: { readonly decibels: number }): Promise<readonly Utterance[]> {
  const backgrounds = noise === undefined ? [] : await backgroundNoises();
  return Promise.all(
    SAID.map(async (path, index) => {
      const voice = atLevel(await recording(path), SPEECH_LEVEL);
      const samples = new Float32Array(voice.length + (LEAD_SECONDS + TAIL_SECONDS) * RATE);
      samples.set(voice, LEAD_SECONDS * RATE);
      const background = backgrounds[index % backgrounds.length];
      if (noise !== undefined && background !== undefined) {
        const level = SPEECH_LEVEL * 10 ** (-noise.decibels / 20);
        for (const [at, sample] of atLevel(looped(background.samples, samples.length / RATE), level).entries()) samples[at]! += sample;
      }
      const { fromMs, untilMs } = soundingMs(voice);
      return { name: path, samples, fromMs: LEAD_SECONDS * 1000 + fromMs, untilMs: LEAD_SECONDS * 1000 + untilMs };
    }),
  );
}

/** What lies below speech. */
async function backgroundNoises(): Promise<readonly Noise[]> {
  return [
    { name: "white noise", samples: whiteNoise(4, 1) },
    { name: "pink noise", samples: pinkNoise(4, 2) },
    { name: "music", samples: looped(await music("loop_garzul"), 4) },
    { name: "keys", samples: await typing(0, 4) },
    { name: "drums", samples: looped(await music("loop_amen_full"), 4) },
  ];
}

/** Thirty-one sounds in which nobody speaks. */
export async function noises(): Promise<readonly Noise[]> {
  const tunes = ["loop_garzul", "loop_amen", "loop_compus", "loop_industrial", "loop_safari", "loop_tabla", "ambi_piano", "guit_em9"];
  const bangs = ["perc_door", "perc_snap", "vinyl_scratch", "misc_cineboom", "misc_burp"];
  const seconds = NOISE_SECONDS;
  const all: Noise[] = [
    ...[1, 2].map((seed) => ({ name: `white noise ${seed}`, samples: whiteNoise(seconds, 10 + seed) })),
    ...[1, 2].map((seed) => ({ name: `pink noise ${seed}`, samples: pinkNoise(seconds, 20 + seed) })),
    ...[300, 400, 500, 600, 700, 800].map((width) => ({ name: `cough ${width}`, samples: cough(seconds, { seed: width, width }) })),
    { name: "ring tone", samples: ringTone(seconds) },
    { name: "ring tone, European", samples: ringTone(seconds, [425, 425]) },
  ];
  for (const first of [0, 20, 40, 60, 80, 100]) all.push({ name: `typing ${first}`, samples: await typing(first, seconds) });
  for (const name of tunes) all.push({ name, samples: looped(await music(name), seconds) });
  for (const name of bangs) all.push({ name, samples: looped(await music(name), seconds, seconds / 2) });
  return all.map(({ name, samples }) => ({ name, samples: atLevel(samples, SPEECH_LEVEL) }));
}

async function music(name: string): Promise<Float32Array> {
  return recording(`sonic-pi/samples/${name}.flac`);
}

/** Somebody types, eight keys a second. */
async function typing(first: number, seconds: number): Promise<Float32Array> {
  const keys = Array.from({ length: Math.ceil(seconds * 8) }, (_, index) => recording(`buckle/wav/${keyOf(first + index)}.wav`));
  return inARow(await Promise.all(keys), seconds, 1 / 8);
}

/** The recordings of keys are named by scan code, pressed 1 and released 0. */
function keyOf(index: number): string {
  const code = 0x02 + (Math.floor(index / 2) % 0x30);
  return `${code.toString(16).padStart(2, "0")}-${index % 2 === 0 ? 1 : 0}`;
}
