import type { Language } from "./intent.ts";

/**
 * About a thousand tokens of Markdown with headings, lists, a table, code and a quote: long enough to be stopped,
 * varied enough to draw.
 */
export function longAnswer(subject: string, language: Language): string {
  return language === "de" ? germanAnswer(subject === "" ? "Glasuren" : subject) : englishAnswer(subject === "" ? "glazes" : subject);
}

const recipe = `\`\`\`json
{
  "name": "celadon 4",
  "cone": 9,
  "parts": { "feldspar": 44, "silica": 28, "whiting": 18, "kaolin": 8, "iron oxide": 2 }
}
\`\`\``;

function englishAnswer(subject: string): string {
  return `# A long answer about ${subject}

I am a script, so this text is always the same. It is here to show how a long answer streams, how it can be stopped, and how headings, lists, tables and code are drawn.

## Where it begins

Every piece in the shop begins as a lump of stoneware the size of a grapefruit. It is wedged, thrown, left under a cloth overnight and trimmed the next day, when it is as firm as cold butter. Only then does it go into the first firing, which takes eleven hours and changes nothing you could see from across the room, and everything you could feel in the hand.

The glaze comes after that. It is a soup of ground rock and water, grey or pink or brown in the bucket, and it looks nothing like what it will become. You dip, count to four, and lift.

## What a glaze is made of

1. **Glass former**: silica, which melts into glass if you ask it loudly enough.
2. **Flux**: whiting or feldspar, which lets it melt at a heat the kiln can reach.
3. **Stiffener**: kaolin, which keeps the glass from running off the pot.
4. **Colour**: a pinch of metal. Iron alone gives celadon, honey, rust or near black.

A recipe is short enough to fit on a label:

${recipe}

## How the colours compare

| Glaze | Metal | Firing | Looks like |
| --- | --- | --- | --- |
| Celadon | iron, 2 % | reduction | a lake in March |
| Ink | cobalt and iron | oxidation | the hour after sunset |
| Blush | tin and iron | oxidation | the inside of a shell |
| Iron red | iron, 9 % | reduction | a conker |
| Oat | titanium | oxidation | porridge, honestly |

## What can go wrong

- **Crawling**: the glaze pulls back from dust or grease and leaves bare patches.
- **Crazing**: the glass shrinks more than the clay and cracks like ice on a puddle.
- **Running**: it was too thick or too hot, and the pot is now part of the shelf.
- **Pinholes**: gas left late, after the glass had begun to close.

> A kiln does not make mistakes. It tells you about yours, slowly, and on the next morning.

Most of these can be mended by firing again. A crack cannot; a cracked bowl goes into the bin for broken ware and becomes part of somebody's garden path.

## The second firing

The second firing goes to 1,260 °C and takes two days, most of which is cooling. The door stays shut until the inside is below 100 °C, because cold air on hot glass makes a sound that no potter forgets. Opening it is the best part of the week:

- the top shelf is always a shade paler,
- the pots near the burner have a side that faced the flame,
- one in thirty is better than it has any right to be,
- and one in twenty is a present for a neighbour who does not mind.

## Living with it

Stoneware does not need much. It may go into the dishwasher, the microwave and the oven, though not from the fridge straight into the heat. If tea has left a ring, a spoon of baking soda takes it off. If a foot scratches your table, rub it in circles over wet sandpaper of grain 400; a minute is enough.

### If you want to read on

1. Ask me for a photo of the teapot, to see the ink glaze.
2. Ask me where order 1042 is, to see a tool at work.
3. Ask me to refund it, to see how I ask before I act.

That was the long answer. If you read this far without pressing *Stop*, the script thanks you.`;
}

function germanAnswer(subject: string): string {
  return `# Eine lange Antwort über ${subject}

Ich bin ein Skript, dieser Text ist also immer derselbe. Er zeigt, wie eine lange Antwort ankommt, wie man sie anhält und wie Überschriften, Listen, Tabellen und Code aussehen.

## Der Anfang

Jedes Stück im Laden beginnt als ein Klumpen Steinzeugton, so groß wie eine Grapefruit. Er wird geknetet, gedreht, über Nacht unter ein Tuch gestellt und am nächsten Tag abgedreht, wenn er so fest ist wie kalte Butter. Der erste Brand dauert elf Stunden.

## Woraus eine Glasur besteht

1. **Glasbildner**: Quarz, der zu Glas schmilzt.
2. **Flussmittel**: Kreide oder Feldspat, damit er es bei erreichbarer Hitze tut.
3. **Tonerde**: Kaolin, damit das Glas nicht vom Gefäß läuft.
4. **Farbe**: eine Prise Metall. Eisen allein gibt Seladon, Honig, Rost oder fast Schwarz.

${recipe}

## Die Farben im Vergleich

| Glasur | Metall | Brand | Sieht aus wie |
| --- | --- | --- | --- |
| Seladon | Eisen, 2 % | reduzierend | ein See im März |
| Tinte | Kobalt und Eisen | oxidierend | die Stunde nach Sonnenuntergang |
| Eisenrot | Eisen, 9 % | reduzierend | eine Kastanie |
| Hafer | Titan | oxidierend | ehrlich gesagt Haferbrei |

## Was schiefgehen kann

- **Abrollen**: Die Glasur zieht sich von Staub oder Fett zurück.
- **Haarrisse**: Das Glas schrumpft mehr als der Ton.
- **Ablaufen**: Zu dick oder zu heiß, und das Gefäß gehört jetzt zur Ofenplatte.

> Ein Ofen macht keine Fehler. Er zeigt die eigenen, langsam, am nächsten Morgen.

## Der zweite Brand

Der zweite Brand geht auf 1.260 °C und dauert zwei Tage, die meisten davon Abkühlen. Die Tür bleibt zu, bis es innen unter 100 °C sind.

Das war die lange Antwort. Wenn Sie bis hier gelesen haben, ohne auf *Stopp* zu drücken, dankt das Skript.`;
}
