export const shortAnswer =
  "Order **1042** left our warehouse on Tuesday and is with the carrier now. It should reach you on **Friday, 13 March**, between 9:00 and 12:00.\n\nYou can follow it on the [carrier’s page](https://parcel.example/1042).";

export const richAnswer = `## Returning a lamp

You have **30 days** from the day it arrived. It goes like this:

1. Pack the lamp in its box, with the cable.
2. Print the label from [your orders](https://shop.example/orders).
3. Hand it to any parcel shop.

> Bulbs are glass: please wrap them one by one.

- [x] Label printed
- [ ] Parcel handed in

Keep the \`RMA-1042\` number until the money is back.`;

export const codeAnswer =
  'This puts the lamp in your kitchen on the local network:\n\n```ts\nconst lamp = await connect({ host: "lamp.local", token: process.env.LAMP_TOKEN, retry: { attempts: 5, factor: 2, jitter: true } });\nawait lamp.turnOn({ brightness: 0.6 });\n```\n\nRun it once; the lamp remembers.';

export const tableAnswer =
  "These lamps are in stock:\n\n| Lamp | Price | Height | Bulb | Cable | Delivery |\n|---|---:|---:|---|---|---|\n| Lull | € 49.00 | 42 cm | E14, 4 W | 1.8 m, linen | 2 to 3 days |\n| Harbour | € 129.00 | 138 cm | E27, 8 W | 2.4 m, linen | 1 week |\n| Shelf | € 32.50 | 18 cm | built in | 1.2 m | tomorrow |";

export const longWord = `Your code is ${"FRONTDESK".repeat(23).slice(0, 200)} and it works once.`;

export const arabicAnswer =
  "الطلب **1042** في الطريق إليك الآن، ومن المتوقع أن يصل يوم الجمعة 13 مارس بين الساعة 9:00 و12:00.\n\n- يمكنك متابعة الطرد على صفحة شركة الشحن.\n- سنرسل لك رسالة عند التسليم.";
