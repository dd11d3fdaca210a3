/** How a language is spoken, and told apart from others. */
interface Language {
  /** Its English name. */
  name: string;
  /** Voice of eSpeak NG. */
  espeakVoice: string;
  /** Code of Google Cloud Text-to-Speech: https://cloud.google.com/text-to-speech/docs/list-voices-and-types */
  googleCode: string;
}

/** The languages that media are made in: those whose letters the bundled font draws, from left to right. */
export const LANGUAGES = {
  cs: { name: "Czech", espeakVoice: "cs", googleCode: "cs-CZ" },
  da: { name: "Danish", espeakVoice: "da", googleCode: "da-DK" },
  de: { name: "German", espeakVoice: "de", googleCode: "de-DE" },
  el: { name: "Greek", espeakVoice: "el", googleCode: "el-GR" },
  en: { name: "English", espeakVoice: "en-us", googleCode: "en-US" },
  es: { name: "Spanish", espeakVoice: "es", googleCode: "es-ES" },
  fi: { name: "Finnish", espeakVoice: "fi", googleCode: "fi-FI" },
  fr: { name: "French", espeakVoice: "fr", googleCode: "fr-FR" },
  it: { name: "Italian", espeakVoice: "it", googleCode: "it-IT" },
  nb: { name: "Norwegian", espeakVoice: "nb", googleCode: "nb-NO" },
  nl: { name: "Dutch", espeakVoice: "nl", googleCode: "nl-NL" },
  pl: { name: "Polish", espeakVoice: "pl", googleCode: "pl-PL" },
  pt: { name: "Portuguese", espeakVoice: "pt-br", googleCode: "pt-BR" },
  ru: { name: "Russian", espeakVoice: "ru", googleCode: "ru-RU" },
  sv: { name: "Swedish", espeakVoice: "sv", googleCode: "sv-SE" },
  tr: { name: "Turkish", espeakVoice: "tr", googleCode: "tr-TR" },
  uk: { name: "Ukrainian", espeakVoice: "uk", googleCode: "uk-UA" },
} as const satisfies Record<string, Language>;

/** A code of `LANGUAGES`, ISO 639-1. */
export type LanguageCode = keyof typeof LANGUAGES;

const CODES = Object.keys(LANGUAGES).filter((code): code is LanguageCode => code in LANGUAGES);
/** The codes of all languages, for a schema. */
export const LANGUAGE_CODES: readonly LanguageCode[] = CODES;
