/**
 * What the pages of a sign-in say, in the languages that the widget speaks. `service` is the other side's name as the
 * owner wrote it.
 */
export interface SignInPageWords {
  readonly language: string;
  readonly connecting: (service: string) => string;
  readonly oneMoment: string;
  readonly noOpener: string;
  readonly noOpenerWhy: string;
  readonly noScript: string;
  readonly notOpened: string;
  readonly over: string;
  readonly overNext: string;
  readonly connected: (service: string) => string;
  readonly declined: (service: string) => string;
  readonly declinedNext: string;
  readonly failed: (service: string) => string;
  readonly failedNext: string;
  readonly closeWindow: string;
}

const english: SignInPageWords = {
  language: "en",
  connecting: (service) => `Connecting to ${service}`,
  oneMoment: "One moment. You will be taken to the sign-in.",
  noOpener: "Open this page from the chat",
  noOpenerWhy:
    "For your safety, a sign-in begins with the Connect button in the chat, in the same browser. If you did press it, the website keeps its windows apart (its Cross-Origin-Opener-Policy); its owner can change that.",
  noScript: "This page needs JavaScript to make sure that you opened it from the chat.",
  notOpened: "This could not be opened. Close the window and press Connect in the chat again.",
  over: "This sign-in is over",
  overNext:
    "It was already used, took too long, or began in another browser. Close this window. In a chat, press Connect again; for a shared account, start again in Frontdesk.",
  connected: (service) => `You are connected to ${service}`,
  declined: (service) => `Not connected to ${service}`,
  declinedNext: "You did not allow it, so nothing was connected. You can close this window and continue in the chat.",
  failed: (service) => `${service} could not be connected`,
  failedNext:
    "Nothing was connected. Close this window. To try again, press Connect in the chat; for a shared account, start again in Frontdesk.",
  closeWindow: "You can close this window.",
};

const german: SignInPageWords = {
  language: "de",
  connecting: (service) => `Verbindung mit ${service}`,
  oneMoment: "Einen Moment. Sie werden zur Anmeldung weitergeleitet.",
  noOpener: "Öffnen Sie diese Seite aus dem Chat",
  noOpenerWhy:
    "Zu Ihrer Sicherheit beginnt eine Anmeldung mit dem Knopf „Verbinden“ im Chat, im selben Browser. Wenn Sie ihn gedrückt haben, trennt die Website ihre Fenster voneinander (ihre Cross-Origin-Opener-Policy); das kann ihr Betreiber ändern.",
  noScript: "Diese Seite braucht JavaScript, um sicher zu sein, dass Sie sie aus dem Chat geöffnet haben.",
  notOpened: "Das konnte nicht geöffnet werden. Schließen Sie das Fenster und drücken Sie im Chat noch einmal auf „Verbinden“.",
  over: "Diese Anmeldung ist vorbei",
  overNext:
    "Sie wurde schon benutzt, hat zu lange gedauert oder in einem anderen Browser begonnen. Schließen Sie dieses Fenster. Im Chat drücken Sie noch einmal auf „Verbinden“; die Anmeldung eines gemeinsamen Kontos beginnen Sie in Frontdesk neu.",
  connected: (service) => `Sie sind mit ${service} verbunden`,
  declined: (service) => `Nicht mit ${service} verbunden`,
  declinedNext: "Sie haben es nicht erlaubt, also wurde nichts verbunden. Sie können dieses Fenster schließen und im Chat weitermachen.",
  failed: (service) => `${service} konnte nicht verbunden werden`,
  failedNext:
    "Es wurde nichts verbunden. Schließen Sie dieses Fenster. Um es noch einmal zu versuchen, drücken Sie im Chat auf „Verbinden“; die Anmeldung eines gemeinsamen Kontos beginnen Sie in Frontdesk neu.",
  closeWindow: "Sie können dieses Fenster schließen.",
};

const LANGUAGES: readonly SignInPageWords[] = [english, german];

/** The language that the browser prefers among ours; English when it names none of them. */
export function signInPageWords(acceptLanguage: string | undefined): SignInPageWords {
  const wishes = (acceptLanguage ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
      const quality = Number(parameters.find((one) => one.trim().startsWith("q="))?.split("=")[1] ?? 1);
      return { language: tag.split("-")[0], quality: Number.isNaN(quality) ? 0 : quality };
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((left, right) => right.quality - left.quality);
  const known = wishes.map(({ language }) => LANGUAGES.find((words) => words.language === language));
  return known.find((words) => words !== undefined) ?? english;
}
