import type { TaggedWord } from "../../content/language-model.ts";
import { collectPhrases, type Phrase, usualSpelling } from "./noun-phrases.ts";
import type { Sentiment, Theme } from "./schemas.ts";
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

const MAX_THEMES = 8;
const MAX_PHRASES = 5;
const MAX_EXAMPLES = 3;
const MAX_EXAMPLE_CHARS = 280;
/** A theme is what many speak of: two comments, and one in a hundred. */
const MIN_COMMENTS = 2;
const MIN_SHARE = 0.01;
/**
 * Phrases that are looked at, the weightiest: 1,000 comments of real videos share 26, far below both bounds. Bounds the
 * work of merging them.
 */
const MAX_RANKED = 1000;
/** Themes that a phrase may belong to: the first of those that share a word with it. */
const MAX_CANDIDATES = 50;

/**
 * Finds the themes of comments, most frequent first: noun phrases that several comments share, with overlapping ones
 * merged. The caller leaves spam out. Deterministic. `withSentiment` adds the sentiment of each theme.
 */
export function findThemes(comments: readonly ThemeComment[], withSentiment: boolean): Theme[] {
  const minimum = Math.max(MIN_COMMENTS, Math.ceil(comments.length * MIN_SHARE));
  const phrases = [...collectPhrases(comments.map(({ words }) => words)).values()].filter(
    ({ key, comments: places }) => places.size >= minimum && !isCoarse(key),
  );
  const ranked = phrases.sort((a, b) => weight(b) - weight(a) || (a.key < b.key ? -1 : 1)).slice(0, MAX_RANKED);
  return mergeOverlapping(ranked)
    .sort((a, b) => b.comments.size - a.comments.size || (a.key < b.key ? -1 : 1))
    .slice(0, MAX_THEMES)
    .map((group) => describe(group, comments, withSentiment));
}

interface Group {
  key: string;
  /** Its number among the themes, the weightiest 0. */
  place: number;
  phrases: Phrase[];
  comments: Set<number>;
}

/** A longer phrase says more: it may be rarer than its words and still name the theme. */
function weight({ comments, stems }: Phrase): number {
  return comments.size * (1 + 0.6 * (stems.length - 1));
}

/** A phrase joins the first theme it belongs to, of those that weigh more; else it begins one. */
function mergeOverlapping(ranked: readonly Phrase[]): Group[] {
  const groups: Group[] = [];
  const groupsWith = new Map<string, Set<Group>>();
  for (const phrase of ranked) {
    const home = candidates(phrase, groupsWith).find((group) => belongsTo(phrase, group));
    const group = home ?? { key: phrase.key, place: groups.length, phrases: [], comments: new Set<number>() };
    if (home === undefined) groups.push(group);
    group.phrases.push(phrase);
    for (const place of phrase.comments) group.comments.add(place);
    for (const stem of phrase.stems) groupsWith.set(stem, (groupsWith.get(stem) ?? new Set()).add(group));
  }
  return groups;
}

/** The themes that share a word with the phrase, the weightiest first. */
function candidates({ stems }: Phrase, groupsWith: ReadonlyMap<string, ReadonlySet<Group>>): Group[] {
  const sharing = new Set(stems.flatMap((stem) => [...(groupsWith.get(stem) ?? [])]));
  return [...sharing].sort((a, b) => a.place - b.place).slice(0, MAX_CANDIDATES);
}

/**
 * Of a theme that shares a word with the phrase: true when most of the comments with the phrase are the theme's, or
 * most of the theme's have it, as with "good song" and "song".
 */
function belongsTo(phrase: Phrase, { phrases, comments }: Group): boolean {
  const shares = (other: Phrase) => phrase.stems.some((stem) => other.stems.includes(stem));
  const shared = [...phrase.comments].filter((place) => comments.has(place)).length;
  if (shared * 2 >= phrase.comments.size) return true;
  const [head] = phrases;
  return head !== undefined && shares(head) && shared * 2 >= comments.size;
}

function describe(
  { phrases, comments: places }: Group,
  comments: readonly ThemeComment[],
  withSentiment: boolean,
): Theme {
  const members = [...places].flatMap((place) => comments[place] ?? []);
  const names = [...new Set([namesake(phrases), ...phrases])].map(usualSpelling).slice(0, MAX_PHRASES);
  return {
    label: names[0] ?? "",
    phrases: names,
    count: members.length,
    ...(withSentiment && { sentiment: commonSentiment(members) }),
    examples: pickExamples(members),
  };
}

/**
 * The phrase a theme is called by: the first, or a longer one around it that is at least a third as frequent ("Katy
 * Perry", not "Katy").
 */
function namesake(phrases: readonly Phrase[]): Phrase {
  const [head, ...others] = phrases;
  if (head === undefined) throw new Error("a theme without a phrase");
  const fuller = others.find(
    ({ stems, comments }) =>
      stems.length > head.stems.length &&
      head.stems.every((stem) => stems.includes(stem)) &&
      comments.size * 3 >= head.comments.size,
  );
  return fuller ?? head;
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
