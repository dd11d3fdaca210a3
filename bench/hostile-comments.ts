/** Comments that are made to cost much, each kind in about `bytes` bytes of text; the API takes 900 KiB. */
export const HOSTILE: Readonly<Record<string, (bytes: number) => { text: string }[]>> = {
  "made-up nouns, each twice": (bytes) => {
    const texts = fill(bytes / 2, (n) => `${madeUp(n)} ${madeUp(n + 1)}ness`);
    return [...texts, ...texts];
  },
  "unique nonsense words": (bytes) => fill(bytes, (n) => madeUp(n)),
  "one noun with many": (bytes) => {
    const texts = fill(bytes / 2, (n) => `guitar ${madeUp(n)}`);
    return [...texts, ...texts];
  },
  "one giant word": (bytes) => repeated(bytes, "a"),
  digits: (bytes) => repeated(bytes, "1"),
  "marks before a letter": (bytes) => repeated(bytes, "!", "a"),
  quotes: (bytes) => repeated(bytes, "\"'”", "a"),
  emoji: (bytes) => repeated(bytes, "😀"),
  "emoji before a letter": (bytes) => repeated(bytes, "😀", "a"),
  questions: (bytes) => fill(bytes, (n) => `what is ${madeUp(n)}?`),
  "right to left": (bytes) => repeated(bytes, "مرحبا "),
  links: (bytes) => repeated(bytes, "http://"),
  tags: (bytes) => repeated(bytes, "<a href="),
  dots: (bytes) => repeated(bytes, "a.", "a"),
  "words of one letter": (bytes) => repeated(bytes, "a b "),
  "short comments": (bytes) => Array.from({ length: Math.floor(bytes / 180) }, (_, n) => ({ text: `ok ${n}` })),
};

const MAX_CHARACTERS = 2000;

function madeUp(n: number): string {
  return `q${[...n.toString(26)].map((digit) => "bcdfghklmnprstvwzaeioujxyq"[Number.parseInt(digit, 26)]).join("o")}x`;
}

function fill(bytes: number, wordOf: (n: number) => string): { text: string }[] {
  const texts: { text: string }[] = [];
  let n = 0;
  for (let left = bytes; left > 0; left -= MAX_CHARACTERS) {
    let text = "";
    while (text.length < Math.min(left, MAX_CHARACTERS) - 30) {
      n += 2;
      text += `the ${wordOf(n)} `;
    }
    texts.push({ text });
  }
  return texts;
}

function repeated(bytes: number, part: string, end = ""): { text: string }[] {
  const text = part.repeat(Math.floor(MAX_CHARACTERS / part.length)) + end;
  return Array.from({ length: Math.max(1, Math.floor(bytes / Buffer.byteLength(text))) }, () => ({ text }));
}
