/** An answer with every construct the renderer draws. */
export const SAMPLE_ANSWER = `# Your order 1042

It left our warehouse **yesterday** and is *on its way*. Expected: ~~Monday~~ **Tuesday**, see [the parcel's page](https://parcels.example/track/1042 "Track").

## What happens next

1. The courier picks it up.
2. You get a message with a time window:
   - in the morning, or
   - in the evening
     - until 21:00
3. Somebody signs for it.

- [x] Paid
- [ ] Delivered

| Item | Quantity | Price |
|:-----|:--------:|------:|
| Teapot, \`TP-7\` | 1 | $39.00 |
| Cups **(set)** | 2 | $24.50 |

> Keep the box until you have tried everything.
>
> > It is recyclable.

\`\`\`json
{
  "order_id": 1042,
  "note": "leave at the door"
}
\`\`\`

---

First line
second line<br>third line. More at https://shop.example/help_(orders). Grüße 👋🏽, שלום.

![A teapot](/teapot.png) ![Elsewhere](https://images.example/teapot.png)
`;
