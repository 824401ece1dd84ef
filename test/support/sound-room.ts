/**
 * A room in which a loudspeaker is heard by a microphone: PulseAudio with one sink and its monitor, from Debian's
 * packages, unpacked. A browser in it hears what it plays; `say` is somebody else in the room.
 */
import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { fetchDebianPackages, libraryFolders } from "./debian-packages.ts";
import { waitFor } from "./wait-for.ts";

const run = promisify(execFile);
const unpacked = fileURLToPath(new URL("../.artifacts/sound-room", import.meta.url));
const PACKAGES = [
  "pulseaudio",
  "pulseaudio-utils",
  "libpulse0",
  "libpulsedsp",
  "libltdl7",
  "libsndfile1",
  "libspeexdsp1",
  "libwebrtc-audio-processing1",
  "liborc-0.4-0",
  "libtdb1",
  "libsoxr0",
  "libfftw3-single3",
  "libasyncns0",
  "libcap2",
  "libx11-xcb1",
  "libice6",
  "libsm6",
  "libxtst6",
  "libavahi-client3",
  "libavahi-common3",
  "libwrap0",
];

export const NO_SOUND_ROOM =
  "There is no PulseAudio that runs. Install pulseaudio and pulseaudio-utils, or run npm test, which fetches Debian's.";

interface Programs {
  readonly pulseaudio: string;
  readonly pactl: string;
  readonly paplay: string;
  /** Where its modules are; undefined: where it was built to find them. */
  readonly modules: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** Undefined: there is none that runs. */
export function findSoundRoom(): Programs | undefined {
  for (const root of ["", unpacked]) {
    const [pulseaudio, pactl, paplay] = ["pulseaudio", "pactl", "paplay"].map((name) => `${root}/usr/bin/${name}`) as [
      string,
      string,
      string,
    ];
    if (![pulseaudio, pactl, paplay].every((path) => existsSync(path))) continue;
    const libraries = root === "" ? undefined : libraryFolders(unpacked).join(":");
    const env = { ...process.env, ...(libraries === undefined ? {} : { LD_LIBRARY_PATH: libraries }) };
    const modules =
      root === "" ? undefined : libraryFolders(unpacked).find((path) => path.endsWith("/modules") && path.includes("/pulse-"));
    if (spawnSync(pulseaudio, ["--version"], { env }).status === 0) return { pulseaudio, pactl, paplay, modules, env };
  }
  return undefined;
}

/** Fetches Debian's where there is none and the system has such packages. Never throws: a test says what it misses. */
export function fetchSoundRoom(): void {
  if (findSoundRoom() !== undefined) return;
  fetchDebianPackages(unpacked, (unpack) => {
    // Where a library has another name in this system's version, it is mostly installed.
    for (const name of PACKAGES) unpack(name);
    return findSoundRoom() !== undefined;
  });
}

export interface SoundRoom {
  /** For `PULSE_SERVER` of a browser, which then has the microphone "mic" and the loudspeaker "room". */
  readonly server: string;
  /** Somebody plays a WAV file in the room; resolves when it is over. */
  say(path: string): Promise<void>;
  close(): Promise<void>;
}

export async function startSoundRoom(programs: Programs): Promise<SoundRoom> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-room-"));
  mkdirSync(join(folder, "state"));
  const socket = join(folder, "native");
  const env = {
    ...programs.env,
    HOME: folder,
    XDG_RUNTIME_DIR: folder,
    PULSE_RUNTIME_PATH: folder,
    PULSE_STATE_PATH: join(folder, "state"),
  };
  const load = [
    "module-null-sink sink_name=room",
    "module-remap-source master=room.monitor source_name=mic",
    `module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
  ];
  const settings = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--log-target=stderr"];
  const search = programs.modules === undefined ? [] : [`--dl-search-path=${programs.modules}`];
  const child: ChildProcess = spawn(programs.pulseaudio, [...settings, ...search, ...load.flatMap((module) => ["-L", module])], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4000)));
  const server = `unix:${socket}`;
  const asked = { env: { ...env, PULSE_SERVER: server } };
  await waitFor(async () => {
    if (child.exitCode !== null) throw new Error(`PulseAudio ended with ${child.exitCode}: ${said}`);
    return run(programs.pactl, ["list", "short", "sources"], asked).then(
      ({ stdout }) => stdout.includes("mic"),
      () => false,
    );
  });
  await run(programs.pactl, ["set-default-source", "mic"], asked);
  await run(programs.pactl, ["set-default-sink", "room"], asked);
  return {
    server,
    say: async (path) => void (await run(programs.paplay, ["--device=room", path], asked)),
    async close() {
      const gone = new Promise((resolve) => child.once("close", resolve));
      if (child.exitCode === null) {
        child.kill("SIGTERM");
        await gone;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
