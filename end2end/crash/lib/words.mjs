// The app's words that the harness goes by, as sources of regular expressions. A variable of the environment replaces one:
// HYTEVIHKO_WORDS='{"loss":"…"}'.
const own = {
  /** States in which a gathering counts as saved. */
  saved: "^(Tallessa|Lähetetään|Perillä)",
  /** With the server. */
  received: "^Perillä",
  /** The form that is recorded. */
  form: "^Retki$",
  signedOut: "Et ole vielä kirjautunut",
  ready: "Valmis käyttöön myös ilman verkkoa",
  /** A notice that says that something was lost, or could not be read: what must never be silent. */
  loss: "kado|hävi|tyhjen|menet|puuttuu|ei voitu lukea|ei ole enää|palautet",
};

export const words = { ...own, ...JSON.parse(process.env.HYTEVIHKO_WORDS ?? "{}") };
export const says = (name, texts) => texts.find((text) => new RegExp(words[name], "i").test(text));
