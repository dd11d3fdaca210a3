/** Comments as people write them, for an analysis of some milliseconds. */
export const PLAIN_COMMENTS = Array.from({ length: 65 }, (_, n) => ({
  text: `I love the guitar at minute ${n}. Who plays it?`,
}));
