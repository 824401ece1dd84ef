/** What the model reads in each request of a turn whose answer is heard. */
export const VOICE_NOTE =
  "The customer is talking with you in a voice call and hears your answer aloud. Speak as people speak: short sentences, the most important one first. Use no lists, tables, headings, links, code or emoji. Say numbers, dates, amounts and addresses as people say them. Ask one thing at a time. What the customer said was transcribed and may have mistakes: understand it as it was probably meant, and ask again where it matters.";
