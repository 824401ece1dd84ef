/** Abbreviations behind which a name or a number comes, so that they end no sentence, without their last point. */
const KNOWN = new Set(
  [
    // English
    "mr mrs ms dr prof sr jr st mt rev hon gen col capt lt sgt gov sen rep vs etc no nos vol pp ed eds fig approx dept est ext inc ltd co corp tel e.g i.e cf al a.m p.m u.s u.k",
    // German
    "bzw ca dr hr fr hrn nr str tel evtl ggf inkl exkl zzgl max min mind bspw usw vgl z.b d.h u.a o.ä i.d.r s.o s.u abs art bd jh mio mrd st geb gest",
    // French, Italian, Spanish, Portuguese
    "m mm mme mlle env av boul n° p.ex c.-à-d sig sigg dott ing avv art pag sr sra srta dña ud uds pág núm núms av aprox exmo exma dra",
    // Dutch, Danish, Norwegian, Swedish
    "dhr mevr mw bijv enz nl d.w.z m.b.t o.a jl f.eks bl.a ca kl nr osv t.ex bl.a m.m",
    // Polish, Czech, Russian
    "np tzn tj ul pl al godz tel nr ok prof inż mgr např tzv apod č str г ул д кв т.е т.д т.п руб тыс млн",
  ]
    .join(" ")
    .split(" "),
);
/** Languages in which a number with a point is "the third". */
const ORDINALS = new Set([
  "de",
  "da",
  "nb",
  "nn",
  "no",
  "fi",
  "cs",
  "sk",
  "hu",
  "pl",
  "hr",
  "sr",
  "bs",
  "sl",
  "tr",
  "et",
  "lv",
  "is",
  "fo",
]);

/** Whether a text that ends with a point ends in an abbreviation, an initial, or an ordinal number. */
export function isAbbreviation(text: string, language: string | undefined): boolean {
  const last = /(?:^|[\s(["'„“»«/–—-])((?:[\p{L}\p{N}°-]+\.)+|[\p{L}\p{N}°-]+(?:\.[\p{L}]+)*\.)$/u.exec(text)?.[1];
  if (last === undefined) return false;
  const word = last.slice(0, -1).toLowerCase();
  if (/^\d{1,4}$/.test(word)) return language === undefined || ORDINALS.has(language.split("-")[0]?.toLowerCase() ?? "");
  if (KNOWN.has(word) || KNOWN.has(word.replaceAll(/\.\s*/g, "."))) return true;
  // An initial; "I" and the like end sentences, too, but then the next one is only said with it.
  return /^\p{L}$/u.test(word);
}
