/** What the shop of the demo sells. The shop draws it, the order server has photos of it; prices are in euro cents. */
export interface Product {
  /** Also the name of its drawing (`shop/public/pictures/<id>.svg`) and photo (`orders/photos/<id>.png`). */
  readonly id: string;
  readonly name: string;
  /** The German name, for customers who ask in German. */
  readonly germanName: string;
  readonly glaze: string;
  /** Which of the shop's background tints it stands on. */
  readonly tint: "sage" | "oat" | "sky" | "blush" | "moss" | "clay";
  readonly priceCents: number;
  readonly line: string;
  readonly story: string;
  readonly size: string;
  readonly care: string;
}

const dishwasher = "Dishwasher and microwave safe";

/** In the order of the catalogue page. */
export const products: readonly Product[] = [
  {
    id: "hush-mug",
    name: "Hush mug",
    germanName: "Becher Hush",
    glaze: "Celadon",
    tint: "sage",
    priceCents: 2800,
    line: "Holds a long coffee and both hands.",
    story:
      "Thrown a little wider at the top than a mug needs to be, so the coffee cools to drinking while you look out of the window. The foot stays bare: that is the clay as it comes out of the kiln.",
    size: "9.5 cm tall, 320 ml",
    care: dishwasher,
  },
  {
    id: "still-teapot",
    name: "Still teapot",
    germanName: "Teekanne Still",
    glaze: "Ink",
    tint: "sky",
    priceCents: 9600,
    line: "Pours without a drop on the table.",
    story:
      "The spout is cut by hand and tested with water before the pot is fired; one in five goes back into the clay bin. The handle is bent cane and swings aside for the lid.",
    size: "17 cm tall with handle, 900 ml",
    care: "Rinse by hand, the cane does not like the dishwasher",
  },
  {
    id: "porridge-bowl",
    name: "Porridge bowl",
    germanName: "Schale Porridge",
    glaze: "Oat",
    tint: "oat",
    priceCents: 3400,
    line: "Deep enough for breakfast, wide enough for soup.",
    story:
      "A bowl on a small foot, so it can be carried hot. The glaze pools at the bottom and turns a shade darker there, like the last spoon of honey.",
    size: "16 cm across, 600 ml",
    care: dishwasher,
  },
  {
    id: "reed-vase",
    name: "Reed vase",
    germanName: "Vase Reed",
    glaze: "Blush",
    tint: "blush",
    priceCents: 7200,
    line: "Three stems are plenty.",
    story:
      "The narrow neck keeps a few stems upright and apart. It stands heavy for its size, because the belly is thrown thick on purpose.",
    size: "21 cm tall",
    care: "Wipe with a damp cloth",
  },
  {
    id: "table-plate",
    name: "Table plate",
    germanName: "Teller Table",
    glaze: "White, cobalt ring",
    tint: "sky",
    priceCents: 3800,
    line: "One brush, one turn of the wheel.",
    story:
      "The ring is painted in a single turn with one load of the brush, so every plate shows where the colour began and where it ran out.",
    size: "26 cm across",
    care: dishwasher,
  },
  {
    id: "drip-cone",
    name: "Drip cone",
    germanName: "Kaffeefilter Drip",
    glaze: "Chalk",
    tint: "clay",
    priceCents: 4600,
    line: "Filter coffee for two, no hurry.",
    story:
      "Takes paper filters of size 2 and sits on any jug up to 11 cm wide. The glass jug in the drawing is our own breakfast jug and not for sale.",
    size: "12 cm across",
    care: dishwasher,
  },
  {
    id: "two-small-cups",
    name: "Two small cups",
    germanName: "Zwei kleine Tassen",
    glaze: "Moss and oat",
    tint: "moss",
    priceCents: 3600,
    line: "A pair that does not match.",
    story: "Espresso cups without handles, made in pairs from one lump of clay and glazed apart.",
    size: "6.5 cm tall, 90 ml each",
    care: dishwasher,
  },
  {
    id: "lidded-jar",
    name: "Lidded jar",
    germanName: "Dose mit Deckel",
    glaze: "Iron red",
    tint: "clay",
    priceCents: 5800,
    line: "Keeps biscuits honest.",
    story: "The lid is turned from beech and has a ring of cork, so it closes with a soft sound and not a loud one.",
    size: "14 cm tall, 1.1 l",
    care: "Jar dishwasher safe, wipe the lid",
  },
];

/** The product with this id, if there is one. */
export function productById(id: string): Product | undefined {
  return products.find((product) => product.id === id);
}

/**
 * The product a person means by "the teapot", "Hush mug" or "reed-vase"; the one that shares most words with what was
 * said.
 */
export function findProduct(said: string): Product | undefined {
  const words = wordsOf(said);
  let best: Product | undefined;
  let bestScore = 0;
  for (const product of products) {
    const own = new Set(wordsOf(`${product.id} ${product.name} ${product.germanName} ${product.glaze}`));
    const score = words.filter((word) => own.has(word) || own.has(word.replace(/s$/u, ""))).length;
    if (score > bestScore) [best, bestScore] = [product, score];
  }
  return best;
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word.length > 2 && !filler.has(word));
}

const filler = new Set(["the", "and", "two", "with", "small", "mit", "zwei", "kleine", "der", "die", "das"]);
