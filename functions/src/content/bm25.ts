/**
 * Parameters of BM25 that are usual: Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), section 3.4.
 */
const K1 = 1.2;
const B = 0.75;

/** Scores of texts for words, by how often they have them and how rare the words are. */
export interface Bm25 {
  /** The score of each text for weighted stems; 0 where it has none of them. */
  scores(query: ReadonlyMap<string, number>): number[];
  /** How rare a stem is among the texts; 0 when no text has it. */
  rarity(stem: string): number;
}

/**
 * Counts the stems of texts. The work grows with their length, and a query's with the number of texts that have its
 * words.
 */
export function bm25(texts: readonly (readonly string[])[]): Bm25 {
  const places = new Map<string, Map<number, number>>();
  for (const [index, stems] of texts.entries()) {
    for (const stem of stems) {
      const counts = places.get(stem) ?? new Map<number, number>();
      counts.set(index, (counts.get(index) ?? 0) + 1);
      places.set(stem, counts);
    }
  }
  const meanLength = texts.reduce((sum, stems) => sum + stems.length, 0) / Math.max(1, texts.length);
  const rarity = (stem: string) => {
    const having = places.get(stem)?.size ?? 0;
    return having === 0 ? 0 : Math.log(1 + (texts.length - having + 0.5) / (having + 0.5));
  };
  return {
    rarity,
    scores(query) {
      const scores = new Array<number>(texts.length).fill(0);
      for (const [stem, weight] of query) {
        for (const [index, count] of places.get(stem) ?? []) {
          const length = (texts[index]?.length ?? 0) / Math.max(1, meanLength);
          const share = (count * (K1 + 1)) / (count + K1 * (1 - B + B * length));
          scores[index] = (scores[index] ?? 0) + weight * rarity(stem) * share;
        }
      }
      return scores;
    },
  };
}
