import type { Sentiment, Theme } from "@baton/protocol";
import type { TaggedWord } from "./language-model.ts";
import { excerpt, isCoarse } from "./sentences.ts";

/** A comment as the themes see it. */
export interface ThemeComment {
  /** Position in the analysed comments. */
  index: number;
  text: string;
  likes: number;
  score: number;
  words: readonly TaggedWord[];
}

interface Phrase {
  key: string;
  /** Stems, in order. */
  stems: readonly string[];
  /** How often each spelling occurs. */
  spellings: Map<string, number>;
  /** Places in the list of comments. */
  comments: Set<number>;
}

const MAX_THEMES = 8;
const MAX_PHRASES = 5;
const MAX_EXAMPLES = 3;
const MAX_PHRASE_WORDS = 3;
const MAX_EXAMPLE_CHARS = 280;
/** A theme is what many speak of: two comments, and one in a hundred. */
const MIN_COMMENTS = 2;
const MIN_SHARE = 0.01;

/** Nouns that name no subject below a video: they stand in every second comment whatever it is about. */
const EMPTY_NOUNS: ReadonlySet<string> = new Set(
  "video vid videos thing things stuff lot lots bit way one ones people guy guys man men dude bro girl time times day days year years everyone everybody anyone someone something anything nothing comment comments youtube lol omg xd lmao wtf haha hahaha u ur im dont ya yall kind sort reason fact part person world life hour minute minutes second seconds today tonight please thanks thank love like wow hi hello hey who what yes no oh god shit fuck ass bitch dislike dislikes best better good great nice official favorite favourite ever wanna gonna gotta dont aint cant earth sense word words name piece".split(
    " ",
  ),
);

/**
 * What the comments are about, most spoken of first: noun phrases that several comments share, those that overlap merged. Spam is for
 * the caller to leave out. The same comments always give the same themes. `withSentiment` adds how the comments of a theme feel.
 */
export function findThemes(comments: readonly ThemeComment[], withSentiment: boolean): Theme[] {
  const minimum = Math.max(MIN_COMMENTS, Math.ceil(comments.length * MIN_SHARE));
  const phrases = [...collectPhrases(comments).values()].filter(
    ({ key, comments: places }) => places.size >= minimum && !isCoarse(key),
  );
  const ranked = phrases.sort((a, b) => weight(b) - weight(a) || (a.key < b.key ? -1 : 1));
  return mergeOverlapping(ranked)
    .sort((a, b) => b.comments.size - a.comments.size || (a.key < b.key ? -1 : 1))
    .slice(0, MAX_THEMES)
    .map((group) => describe(group, comments, withSentiment));
}

interface Group {
  key: string;
  phrases: Phrase[];
  comments: Set<number>;
}

/** A longer phrase says more: it may be rarer than its words and still name the theme. */
function weight({ comments, stems }: Phrase): number {
  return comments.size * (1 + 0.6 * (stems.length - 1));
}

function collectPhrases(comments: readonly ThemeComment[]): Map<string, Phrase> {
  const phrases = new Map<string, Phrase>();
  comments.forEach(({ words }, place) => {
    for (const run of nounRuns(words)) {
      for (const part of partsOf(run)) addPhrase(phrases, part, place);
    }
  });
  return phrases;
}

/** Longest runs of adjectives and nouns. */
function nounRuns(words: readonly TaggedWord[]): TaggedWord[][] {
  const runs: TaggedWord[][] = [[]];
  for (const word of words) {
    if (isContent(word)) runs.at(-1)?.push(word);
    else runs.push([]);
  }
  return runs.filter((run) => run.length > 0);
}

function isContent({ partOfSpeech, value, isStopWord }: TaggedWord): boolean {
  const isNominal = partOfSpeech === "NOUN" || partOfSpeech === "PROPN" || partOfSpeech === "ADJ";
  return isNominal && !isStopWord && /^\p{L}[\p{L}\p{M}-]{2,}$/u.test(value) && !/(.)\1{2}/u.test(value);
}

/** The parts of a run that end in a noun that names something. */
function partsOf(run: readonly TaggedWord[]): TaggedWord[][] {
  return run.flatMap((_, end) => {
    const last = run[end];
    if (last === undefined || last.partOfSpeech === "ADJ" || EMPTY_NOUNS.has(last.value.toLowerCase())) return [];
    const lengths = Array.from({ length: Math.min(MAX_PHRASE_WORDS, end + 1) }, (_length, shorter) => shorter + 1);
    return lengths
      .map((length) => run.slice(end + 1 - length, end + 1))
      .filter(([first]) => first !== undefined && !EMPTY_NOUNS.has(first.value.toLowerCase()));
  });
}

function addPhrase(phrases: Map<string, Phrase>, words: readonly TaggedWord[], place: number): void {
  const stems = words.map(({ stem }) => stem.toLowerCase());
  if (new Set(stems).size < stems.length) return;
  const key = stems.join(" ");
  const phrase = phrases.get(key) ?? { key, stems, spellings: new Map(), comments: new Set() };
  const written = words.map(({ value }) => value).join(" ");
  // Shouting says nothing of how a name is written.
  const spelling = written === written.toUpperCase() ? written.toLowerCase() : written;
  phrase.spellings.set(spelling, (phrase.spellings.get(spelling) ?? 0) + 1);
  phrase.comments.add(place);
  phrases.set(key, phrase);
}

/** A phrase joins the first, weightier, theme that shares a word with it and half of its comments; else it begins one. */
function mergeOverlapping(ranked: readonly Phrase[]): Group[] {
  const groups: Group[] = [];
  for (const phrase of ranked) {
    const home = groups.find((group) => belongsTo(phrase, group));
    if (home === undefined) {
      groups.push({ key: phrase.key, phrases: [phrase], comments: new Set(phrase.comments) });
    } else {
      home.phrases.push(phrase);
      for (const place of phrase.comments) home.comments.add(place);
    }
  }
  return groups;
}

function belongsTo(phrase: Phrase, { phrases, comments }: Group): boolean {
  const [head] = phrases;
  if (head === undefined || !phrase.stems.some((stem) => head.stems.includes(stem))) return false;
  const shared = [...phrase.comments].filter((place) => comments.has(place)).length;
  return shared * 2 >= Math.min(phrase.comments.size, comments.size);
}

function describe(
  { phrases, comments: places }: Group,
  comments: readonly ThemeComment[],
  withSentiment: boolean,
): Theme {
  const members = [...places].flatMap((place) => comments[place] ?? []);
  const names = phrases.map(usualSpelling).slice(0, MAX_PHRASES);
  return {
    label: names[0] ?? "",
    phrases: names,
    count: members.length,
    ...(withSentiment && { sentiment: commonSentiment(members) }),
    examples: pickExamples(members),
  };
}

function usualSpelling({ spellings }: Phrase): string {
  const ranked = [...spellings].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return ranked[0]?.[0] ?? "";
}

function commonSentiment(members: readonly ThemeComment[]): Sentiment {
  const mean = members.reduce((sum, { score }) => sum + score, 0) / members.length;
  if (mean > 0.1) return "positive";
  return mean < -0.1 ? "negative" : "neutral";
}

/** Most liked first, then those long enough to say something and short enough to read; no text twice. */
function pickExamples(members: readonly ThemeComment[]): Theme["examples"] {
  const readability = ({ text }: ThemeComment) => Math.min(text.length, 120) - Math.max(0, text.length - 200) / 4;
  const ranked = [...members].sort(
    (a, b) =>
      b.likes - a.likes ||
      Number(isCoarse(a.text)) - Number(isCoarse(b.text)) ||
      readability(b) - readability(a) ||
      a.index - b.index,
  );
  const seen = new Set<string>();
  return ranked
    .filter(({ text }) => {
      const letters = text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
      return !seen.has(letters) && seen.add(letters);
    })
    .slice(0, MAX_EXAMPLES)
    .map(({ index, text }) => ({ index, text: excerpt(text, MAX_EXAMPLE_CHARS) }));
}
