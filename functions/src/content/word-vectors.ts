/** Meanings of words as directions: alike words point alike. */
export interface WordVectors {
  /**
   * The mean direction of some words, of length 1; a frequent word weighs less. Undefined when none of them is known.
   */
  meanOf(words: readonly string[]): Float32Array | undefined;
  /** How frequent a word is in English: 1 is the most frequent. Undefined for an unknown one. */
  rankOf(word: string): number | undefined;
}

/** The packed file: words from the most frequent on, and for each its numbers in 4 bits, from 0 (-7) to 14 (7). */
interface PackedVectors {
  dimensions: number;
  words: string;
  vectors: string;
}

const ZERO_LEVEL = 7;
/** A word of this rank has half the weight of a rare one. */
const HALF_WEIGHT_RANK = 400;

let loading: Promise<WordVectors> | undefined;

/** Loads the vectors of some 60,000 English words, once a process: 3 MB. */
export function loadWordVectors(): Promise<WordVectors> {
  loading ??= import("./word-vectors.model.json", { with: { type: "json" } }).then((model) => unpack(model.default));
  return loading;
}

/** Reads packed vectors. */
export function unpack({ dimensions, words, vectors }: PackedVectors): WordVectors {
  const bytes = Buffer.from(vectors, "base64");
  const rowBytes = Math.ceil(dimensions / 2);
  const ranks = new Map(words.split(" ").map((word, index) => [word, index]));
  return {
    rankOf: (word) => {
      const index = ranks.get(word);
      return index === undefined ? undefined : index + 1;
    },
    meanOf(given) {
      const sum = new Float32Array(dimensions);
      for (const word of given) {
        const index = ranks.get(word);
        if (index !== undefined) addRow(sum, bytes.subarray(index * rowBytes, (index + 1) * rowBytes), weightOf(index));
      }
      return normalized(sum);
    },
  };
}

function weightOf(index: number): number {
  return (index + 1) / (index + 1 + HALF_WEIGHT_RANK);
}

function addRow(sum: Float32Array, row: Uint8Array, weight: number): void {
  const levelAt = (place: number) => {
    const pair = row[place >> 1] ?? 0;
    return (place % 2 === 0 ? pair >> 4 : pair & 15) - ZERO_LEVEL;
  };
  let square = 0;
  for (let place = 0; place < sum.length; place += 1) square += levelAt(place) ** 2;
  const scale = weight / Math.sqrt(square || 1);
  for (let place = 0; place < sum.length; place += 1) sum[place] = (sum[place] ?? 0) + levelAt(place) * scale;
}

function normalized(vector: Float32Array): Float32Array | undefined {
  const length = Math.hypot(...vector);
  return length === 0 ? undefined : vector.map((value) => value / length);
}

/** How alike two directions are, -1 to 1; 0 when one is not known. */
export function cosine(one: Float32Array | undefined, other: Float32Array | undefined): number {
  if (!one || !other) return 0;
  return one.reduce((sum, value, place) => sum + value * (other[place] ?? 0), 0);
}
