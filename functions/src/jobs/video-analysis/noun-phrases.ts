import type { TaggedWord } from "../../content/language-model.ts";

/** A noun phrase that one or more comments use. */
export interface Phrase {
  key: string;
  /** Stems, in order. */
  stems: readonly string[];
  /** How often each spelling occurs. */
  spellings: Map<string, number>;
  /** Places in the list of comments. */
  comments: Set<number>;
}

const MAX_PHRASE_WORDS = 3;

/** Nouns that name no subject below a video, because they are frequent in comments on any subject. */
const EMPTY_NOUNS: ReadonlySet<string> = new Set(
  "video vid videos thing things stuff lot lots bit way one ones people guy guys man men dude bro girl time times day days year years everyone everybody anyone someone something anything nothing comment comments youtube lol omg xd lmao wtf haha hahaha u ur im dont ya yall kind sort reason fact part person world life hour minute minutes second seconds today tonight please thanks thank love like wow hi hello hey who what yes no oh god shit fuck ass bitch dislike dislikes awesome amazing beautiful perfect best better good great nice official favorite favourite ever wanna gonna gotta dont aint cant earth sense word words name piece".split(
    " ",
  ),
);

/**
 * The noun phrases of each comment, of up to three words, by their stems. A comment's place in `comments` stands for
 * it.
 */
export function collectPhrases(comments: readonly (readonly TaggedWord[])[]): Map<string, Phrase> {
  const phrases = new Map<string, Phrase>();
  comments.forEach((words, place) => {
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
      .filter(([first]) => first !== undefined && !EMPTY_NOUNS.has(first.value.toLowerCase()))
      .filter((part) => !part.some(startsName(part)));
  });
}

/** A name behind a noun is called, not described: "good job Katy" speaks of no "job Katy". */
function startsName(part: readonly TaggedWord[]) {
  return ({ partOfSpeech }: TaggedWord, at: number) =>
    partOfSpeech === "PROPN" && part[at - 1]?.partOfSpeech === "NOUN";
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

/** How a phrase is written most often. */
export function usualSpelling({ spellings }: Phrase): string {
  const ranked = [...spellings].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return ranked[0]?.[0] ?? "";
}
