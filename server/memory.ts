import { setFlagsFromString } from "node:v8";

// Young objects may otherwise fill 16 MB, three times over, before anybody looks: with thousands of idle customers most of the memory is then garbage. Measured
// with 3,000 of them: 13 kB each instead of 30, and 10 MB less at rest. Imported first, before the heap grows.
setFlagsFromString("--semi-space-growth-factor=1");
