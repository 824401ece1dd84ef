import type { Language } from "./intent.ts";
import type { OrderResult, Trouble } from "./tool-result.ts";

type Status = OrderResult["status"];

/** Everything the scripted model says, in one language. Amounts and dates arrive formatted. */
export interface ModelWords {
  readonly status: Readonly<Record<Status, string>>;
  readonly trouble: Readonly<Record<Trouble, string>>;
  readonly greeting: string;
  readonly thanks: string;
  readonly help: string;
  readonly noTool: string;
  readonly whichOrder: string;
  readonly noProduct: string;
  readonly orderTable: (rows: string) => string;
  readonly orderIs: (orderId: string, status: string) => string;
  readonly total: (amount: string) => string;
  readonly refunded: (amount: string) => string;
  readonly parcelWith: (carrier: string, trackingNumber: string, day: string) => string;
  readonly parcelSeen: (carrier: string, lastSeen: string, day: string) => string;
  readonly parcelDelivered: (orderId: string, day: string) => string;
  readonly listOf: (rows: string) => string;
  readonly nothingShipped: string;
  readonly askRefund: (amount: string, orderId: string) => string;
  readonly refundDone: (amount: string, orderId: string, left: string | undefined) => string;
  readonly nothingToRefund: (orderId: string) => string;
  readonly askCancel: (orderId: string) => string;
  readonly cancelDone: (orderId: string) => string;
  readonly photo: (about: string) => string;
  readonly points: (name: string, points: number, enoughFor: readonly string[]) => string;
  readonly hours: (hours: string) => string;
  readonly cart: (quantity: number, product: string) => string;
  readonly courier: (orderId: string) => string;
  readonly giftChosen: (gift: string, engraving: string, points: number) => string;
}

export const modelWords: Readonly<Record<Language, ModelWords>> = {
  en: {
    status: { processing: "being prepared", shipped: "on its way", delivered: "delivered", cancelled: "cancelled" },
    trouble: {
      "not-connected": "You are not signed in to the Lull Club, so I cannot see your points.",
      rejected: "You rejected this, so nothing was changed. Tell me if I can do something else.",
      "rejected-by-team": "The team rejected this, so nothing was changed. Tell me if I can do something else.",
      expired: "The request for approval expired before anyone decided, so nothing was changed. Ask me again when you are ready.",
      unknown:
        "I cannot say whether this went through: the answer of the order system was lost. Please check the order page before trying again.",
      cancelled: "That was stopped before it finished.",
      unavailable: "I am not able to do that here at the moment.",
      failed: "That did not work. I was told:",
    },
    greeting:
      "Hello. I am the scripted model of this demo, not a real language model, but the tools I use are real. Ask me where order 1042 is, to track your parcel, or to refund an order.",
    thanks: "You are welcome.",
    help: `I am a **script**, not a real language model, so I only understand a few things. Try one of these:

- Where is order 1042?
- Track my parcel
- Refund order 1042
- Cancel order 1043
- Show me a photo of the teapot
- List my orders
- How many club points do I have?
- Redeem my points
- Write a long answer about glazes`,
    noTool: "I have no tool at hand that can do that right now. Please ask our team, or try again in a moment.",
    whichOrder: "Which order do you mean? Tell me its number:",
    noProduct: "Which product would you like to see? For example the Hush mug or the Still teapot.",
    orderTable: (rows) => `| Item | Quantity | Price |\n| --- | --: | --: |\n${rows}`,
    orderIs: (orderId, status) => `Order **${orderId}** is **${status}**.`,
    total: (amount) => `The total with shipping is ${amount}.`,
    refunded: (amount) => `${amount} of it has been refunded.`,
    parcelWith: (carrier, trackingNumber, day) =>
      `The parcel is with ${carrier}, tracking number \`${trackingNumber}\`, and is expected on ${day}.`,
    parcelSeen: (carrier, lastSeen, day) => `${carrier} says: **${lastSeen}**. It should arrive on ${day}.`,
    parcelDelivered: (orderId, day) => `The parcel of order ${orderId} was delivered on ${day}.`,
    listOf: (rows) => `These are your orders:\n\n| Order | Placed | Items | Total | Status |\n| --- | --- | --- | --: | --- |\n${rows}`,
    nothingShipped: "None of your orders is on its way at the moment.",
    askRefund: (amount, orderId) => `I can refund **${amount}** for order ${orderId}. This needs your approval first.`,
    refundDone: (amount, orderId, left) =>
      `Done: **${amount}** of order ${orderId} goes back to your card within three working days.${left === undefined ? " That is the whole amount." : ` ${left} could still be refunded.`}`,
    nothingToRefund: (orderId) => `There is nothing left to refund on order ${orderId}.`,
    askCancel: (orderId) => `I can cancel order ${orderId}. This needs your approval first.`,
    cancelDone: (orderId) => `Order **${orderId}** is cancelled. You will not be charged for it.`,
    photo: (about) => `Here it is: ${about}`,
    points: (name, points, enoughFor) =>
      `${name}, you have **${points} points**.${enoughFor.length === 0 ? "" : ` That is enough for: ${enoughFor.join(", ")}. Say "Redeem my points" to choose.`}`,
    hours: (hours) => `The shop is open: ${hours}`,
    cart: (quantity, product) => `In your cart there are now ${quantity} of: ${product}.`,
    courier: (orderId) => `A courier comes for order ${orderId}.`,
    giftChosen: (gift, engraving, points) =>
      `Your **${gift.toLowerCase()}** is on its way${engraving === "" ? "" : `, engraved “${engraving}”`}. You have ${points} points left.`,
  },
  de: {
    status: { processing: "in Vorbereitung", shipped: "unterwegs", delivered: "zugestellt", cancelled: "storniert" },
    trouble: {
      "not-connected": "Sie sind nicht beim Lull Club angemeldet, darum sehe ich Ihre Punkte nicht.",
      rejected: "Sie haben das abgelehnt, es wurde also nichts geändert. Sagen Sie mir, wenn ich etwas anderes tun kann.",
      "rejected-by-team": "Das Team hat das abgelehnt, es wurde also nichts geändert. Sagen Sie mir, wenn ich etwas anderes tun kann.",
      expired: "Die Anfrage ist abgelaufen, bevor jemand entschieden hat; es wurde nichts geändert. Fragen Sie mich gern noch einmal.",
      unknown:
        "Ich kann nicht sagen, ob das geklappt hat: Die Antwort des Bestellsystems ging verloren. Bitte sehen Sie auf der Bestellseite nach, bevor Sie es noch einmal versuchen.",
      cancelled: "Das wurde abgebrochen, bevor es fertig war.",
      unavailable: "Das kann ich hier im Moment nicht tun.",
      failed: "Das hat nicht geklappt. Die Antwort war:",
    },
    greeting:
      "Guten Tag. Ich bin das Skript dieser Demo und kein echtes Sprachmodell, aber meine Werkzeuge sind echt. Fragen Sie mich, wo Bestellung 1042 ist, nach Ihrem Paket oder nach einer Erstattung.",
    thanks: "Gern geschehen.",
    help: `Ich bin ein **Skript**, kein echtes Sprachmodell, und verstehe nur wenig. Versuchen Sie zum Beispiel:

- Wo ist Bestellung 1042?
- Verfolge mein Paket
- Erstatte Bestellung 1042
- Storniere Bestellung 1043
- Zeig mir ein Bild der Teekanne
- Zeig mir meine Bestellungen
- Wie viele Punkte habe ich?
- Punkte einlösen
- Schreibe eine lange Antwort über Glasuren`,
    noTool: "Dafür habe ich gerade kein Werkzeug. Bitte fragen Sie unser Team, oder versuchen Sie es gleich noch einmal.",
    whichOrder: "Welche Bestellung meinen Sie? Nennen Sie mir die Nummer:",
    noProduct: "Welches Stück möchten Sie sehen? Zum Beispiel den Becher Hush oder die Teekanne Still.",
    orderTable: (rows) => `| Artikel | Menge | Preis |\n| --- | --: | --: |\n${rows}`,
    orderIs: (orderId, status) => `Bestellung **${orderId}** ist **${status}**.`,
    total: (amount) => `Die Summe mit Versand beträgt ${amount}.`,
    refunded: (amount) => `Davon wurden ${amount} erstattet.`,
    parcelWith: (carrier, trackingNumber, day) =>
      `Das Paket ist bei ${carrier}, Sendungsnummer \`${trackingNumber}\`, und wird am ${day} erwartet.`,
    parcelSeen: (carrier, lastSeen, day) => `${carrier} meldet: **${lastSeen}**. Es sollte am ${day} ankommen.`,
    parcelDelivered: (orderId, day) => `Das Paket der Bestellung ${orderId} wurde am ${day} zugestellt.`,
    listOf: (rows) =>
      `Das sind Ihre Bestellungen:\n\n| Bestellung | Vom | Artikel | Summe | Stand |\n| --- | --- | --- | --: | --- |\n${rows}`,
    nothingShipped: "Zurzeit ist keine Ihrer Bestellungen unterwegs.",
    askRefund: (amount, orderId) => `Ich kann **${amount}** für Bestellung ${orderId} erstatten. Dafür brauche ich erst Ihre Freigabe.`,
    refundDone: (amount, orderId, left) =>
      `Erledigt: **${amount}** der Bestellung ${orderId} gehen innerhalb von drei Werktagen zurück auf Ihre Karte.${left === undefined ? " Das ist der ganze Betrag." : ` ${left} könnten noch erstattet werden.`}`,
    nothingToRefund: (orderId) => `Bei Bestellung ${orderId} gibt es nichts mehr zu erstatten.`,
    askCancel: (orderId) => `Ich kann Bestellung ${orderId} stornieren. Dafür brauche ich erst Ihre Freigabe.`,
    cancelDone: (orderId) => `Bestellung **${orderId}** ist storniert. Sie wird nicht berechnet.`,
    photo: (about) => `Hier ist es: ${about}`,
    points: (name, points, enoughFor) =>
      `${name}, Sie haben **${points} Punkte**.${enoughFor.length === 0 ? "" : ` Das reicht für: ${enoughFor.join(", ")}. Zum Auswählen: „Punkte einlösen“.`}`,
    hours: (hours) => `Der Laden ist geöffnet: ${hours}`,
    cart: (quantity, product) => `Im Warenkorb liegen jetzt ${quantity} Stück: ${product}.`,
    courier: (orderId) => `Ein Kurier kommt wegen Bestellung ${orderId}.`,
    giftChosen: (gift, engraving, points) =>
      `Ihr Geschenk (**${gift}**) ist unterwegs${engraving === "" ? "" : `, graviert mit „${engraving}“`}. Sie haben noch ${points} Punkte.`,
  },
};

/** `9490` as the language writes it: "€94.90", "94,90 €". */
export function formatMoney(cents: number, language: Language): string {
  return new Intl.NumberFormat(locales[language], { style: "currency", currency: "EUR" }).format(cents / 100);
}

/** An ISO date as "Sunday, November 22". */
export function formatDay(iso: string, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], { weekday: "long", day: "numeric", month: "long" }).format(new Date(iso));
}

/** An ISO date, short enough for a table. */
export function formatDate(iso: string, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], { day: "numeric", month: "short" }).format(new Date(iso));
}

const locales: Readonly<Record<Language, string>> = { en: "en-IE", de: "de-DE" };
