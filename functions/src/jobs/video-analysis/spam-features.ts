/** At most this much of a comment is looked at: what a spammer wants is said early, and the work stays bounded. */
const MAX_CHARS = 2000;
const MAX_WORDS = 250;

const URL_PATTERN = /(?:https?:\/\/|www\.|\byoutu\.be\/|\byoutube\.com\/)\S+/g;
/** `name.com`, also with the blanks that keep it from YouTube's own filter: `name . com`. */
const BARE_DOMAIN = /\b[a-z0-9-]{2,40}(?: ?\. ?)(?:com|net|org|co|me|tv|info|biz|ru|pl|ly|gl|io|tk|uk|br)\b(?:\/\S*)?/g;
const EMAIL = /\b[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{2,20}/g;
const YOUTUBE_HOST = /^(?:https?:\/\/)?(?:www\.|m\.)?(?:youtube\.com\/(?:watch|embed|v\/|shorts)|youtu\.be\/)/;
/** Each run of digits is tried once, from its beginning: a long one would take quadratic time. */
const MONEY = /(?:[$€£]\s?\d[\d.,]*k?|(?<![\d.,])\d[\d.,]*\s?(?:[$€£]|dollars?|usd|bucks|euros?)(?!\w))/g;
const CLOCK_TIME = /\b\d{1,2}:\d{2}(?::\d{2})?\b/g;
const PHONE = /\+?\d[\d ()-]{8,}\d/g;

/** Spellings that mean one word; comments are typed in a hurry, and spammers misspell on purpose. */
const SPELLINGS: readonly [RegExp, string][] = [
  [/^s+u+b+[sc]+[cr]*[irec]+b+ers?$/, "subscribers"],
  [/^s+u+b+[sc]+[cr]*[irec]+b+ed$/, "subscribed"],
  [/^s+u+b+(?:s*|z*)$/, "subscribe"],
  [/^(?:re)?s+u+[bp]*[sc]+[cr]*[irec]+b+\w*$/, "subscribe"],
  [/^(?:sub+ed|sub+ing|sub4sub|subsc\w*)$/, "subscribe"],
  [/^(?:p+l+[iesxz]+|pl[ea]+[sc]e+|pleas|plase|pls|plz)$/, "please"],
  [/^ch[ae]n+[ae]+l+[sz]?$/, "channel"],
  [/^(?:v[ie]d[ieo]+[sz]?|vids?)$/, "video"],
  [/^(?:ch?e+c?k+|chekc|checkout)$/, "check"],
  [/^(?:u|ya|yall)$/, "you"],
  [/^(?:ur|youre)$/, "your"],
  [/^(?:songs|tunes?|tracks?)$/, "song"],
  [/^(?:covers?|remix(?:es)?|parod(?:y|ies)|mixtapes?|albums?)$/, "cover"],
  [/^(?:guys?|everyone|everybody|people|peoples|ppl|friends?|folks)$/, "everyone"],
  [/^(?:hi|hey|hello|hiya|heya|yo)$/, "hello"],
  [/^(?:thx|thanx|thanks|thank|tnx)$/, "thanks"],
  [/^(?:youtubers?)$/, "youtuber"],
  [/^(?:fb|facebook)$/, "facebook"],
  [/^(?:ig|insta|instagram)$/, "instagram"],
];

/** Requests that spam makes below any video. Matched on the words of `spamWords`, joined by blanks. */
const SIGNALS: readonly [string, RegExp][] = [
  [
    "asks-subscribe",
    /\bsubscribe (?:to )?(?:me|my|our|us|him|her|this|the|back|please|for|and|@)|(?:please|to|can you|could you|go|and|must|dont forget to|will) subscribe\b/,
  ],
  ["sub-back", /\bsubscribe (?:you )?back\b|\bsubscribe (?:for|4) subscribe\b|\bill subscribe\b/],
  [
    "wants-subscribers",
    /\b(?:i|we|get|need|reach|help|my|our|want|please|first) (?:\w+ ){0,4}subscribers\b|\bsubscribers please\b/,
  ],
  [
    "check-out",
    /\bcheck (?:\w+ ){0,3}out\b|\bcheck (?:my|our|this|out)\b|\b(?:look|come|see|search|find) (?:\w+ ){0,2}(?:my|our|out)\b|\btake a look\b|\bsubscribe (?:to )?my\b/,
  ],
  [
    "own-thing",
    /\b(?:my|our) (?:\w+ ){0,3}(?:channel|video|cover|song|music|page|website|site|blog|book|clip|rap|raps|link|playlist|profile|game|gaming|account|instagram|facebook|twitter|app|project|picture|pic|band|uploads|stuff|work|beats|montage|vlogs?)\b/,
  ],
  ["this-thing", /\bthis (?:\w+ ){0,2}(?:channel|playlist|link|site|website|page|profile)\b/],
  [
    "go-there",
    /\b(?:visit|watch|follow|join|click|download|add|vote|donate|share|support|read|listen|view|open|enter|buy|order|install|try|register|sign) (?:\w+ ){0,2}(?:my|our|me|us|_url|_site|this|these|here|now|free|it|him|for|out|up|to|at)\b/,
  ],
  [
    "begs",
    /\bplease (?:\w+ ){0,4}(?:subscribe|check|watch|visit|like|help|share|follow|look|click|give|read|vote|support|listen|take|just|donate|view)\b|\b(?:help|support) (?:me|us|my|our)\b|\b(?:i|we) need (?:\w+ ){0,2}(?:subscribe|subscribers|money|help|views|likes)\b/,
  ],
  [
    "gives-chance",
    /\b(?:give|gave|take) (?:me|us|my|our|it|one|a|1|_num|just|\w+ ){1,3}(?:chance|minute|min|moment|second|sec|look|try|opportunity|oportunity|listen)\b/,
  ],
  ["addresses-all", /\bhello (?:\w+ )?(?:everyone|there|all|youtube|you)\b|\beveryone please\b|\bplease everyone\b/],
  [
    "introduces",
    /\b(?:my name is|(?:im|i am|we are|were) (?:an? )?(?:\w+ ){0,3}(?:rapper|singer|artist|producer|youtuber|band|channel|year|musician|dancer|gamer|dj|songwriter)|(?:im|we are|were|i am) (?:\w+ ){0,2}new\b|new (?:youtuber|channel|to youtube|on youtube)|i (?:make|do|upload|post|sing|cover|rap|created|made|started|just) (?:\w+ ){0,4}(?:video|cover|song|music|vlogs?|channel|gaming|youtube|raps?))\b/,
  ],
  [
    "promises",
    /\b(?:i promise|wont regret|you will (?:not )?(?:regret|love|like)|wont be disappointed|worth it|means? (?:\w+ ){0,3}(?:world|lot|much)|dream)\b/,
  ],
  ["likes-bait", /\b(?:like|thumbs? up) (?:if|my|for no|please|me|page|on)\b|\bfor no reason\b/],
  ["likes-comment", /\blike (?:\w+ ){0,2}comment\b/],
  [
    "money",
    /\b(?:money|paypal|earn|earning|cash|gift|giveaway|bitcoins?|free|income|rich|win|winning|prize|donat\w*|fund\w*|charity|crowdfund\w*|indiegogo|kickstarter|gofundme|_money)\b/,
  ],
  ["hacks", /\b(?:hacks?|hacking|cheats?|codes?|generator|adsense|robux|psn|xbox|steam)\b/],
  [
    "scam",
    /\b(?:telegram|whatsapp|crypto\w*|forex|invest(?:ments?|or|ing)?|casino|lottery|dating|penis|sexcam|viagra|weekly (?:profit|income)|earned? (?:\w+ ){0,3}(?:_money|_num))\b/,
  ],
  [
    "sorry-spam",
    /\b(?:sorry|hate|not|dont) (?:\w+ ){0,5}(?:spam|comments? like|advertis\w*|self promot\w*)\b|\bno (?:hate|spam)\b/,
  ],
  [
    "other-site",
    /\b(?:facebook|instagram|twitter|soundcloud|twitch|itunes|spotify|tumblr|blog|website|deviantart|snapchat|vine|patreon|ebay|amazon|google)\b/,
  ],
];

/**
 * The features named for every comment that asks for something, so that each has a weight even if no example shows it.
 */
export const SIGNAL_NAMES: readonly string[] = SIGNALS.map(([name]) => `s:${name}`);

/**
 * The comment's words in a form that one spelling stands for many: lower case, compatibility characters folded,
 * stretched letters shortened, links, addresses, amounts, times and numbers each replaced by a name such as `_url`.
 */
export function spamWords(text: string): string[] {
  const folded = text.slice(0, MAX_CHARS).normalize("NFKC").toLowerCase();
  const marked = folded
    .replace(EMAIL, " _email ")
    .replace(URL_PATTERN, (url) => (YOUTUBE_HOST.test(url) ? " _yturl " : " _url "))
    .replace(BARE_DOMAIN, (site) => (YOUTUBE_HOST.test(site) ? " _yturl " : " _site "))
    .replace(MONEY, " _money ")
    .replace(CLOCK_TIME, " _time ")
    .replace(PHONE, " _phone ")
    .replace(/['’`]/g, "");
  const words = marked.match(/_[a-z]+|\p{L}[\p{L}\p{M}\d]*|\d+/gu) ?? [];
  return words.slice(0, MAX_WORDS).map(oneSpelling);
}

function oneSpelling(word: string): string {
  if (word.startsWith("_")) return word;
  if (/^\d+$/.test(word)) return "_num";
  const short = word.slice(0, 30).replace(/(.)\1{2,}/gu, "$1");
  for (const [pattern, spelling] of SPELLINGS) if (pattern.test(short)) return spelling;
  return short;
}

/**
 * Names of what a cleaned comment shows: `w:` words, `b:` pairs of neighbours, `s:` signals that hold for any video.
 * Each name occurs once. The training and the running classifier both use this very function.
 */
export function spamFeatures(text: string): Set<string> {
  const words = spamWords(text);
  const features = new Set<string>(words.map((word) => `w:${word}`));
  for (let at = 1; at < words.length; at += 1) features.add(`b:${words[at - 1]} ${words[at]}`);
  const line = words.join(" ");
  for (const [name, pattern] of SIGNALS) if (pattern.test(line)) features.add(`s:${name}`);
  for (const name of shapeSignals(words)) features.add(`s:${name}`);
  return features;
}

function shapeSignals(words: readonly string[]): string[] {
  const signals: string[] = [];
  const isLink = (word: string) => word === "_url" || word === "_site";
  const links = words.filter(isLink).length;
  const plain = words.filter((word) => !word.startsWith("_")).length;
  if (links > 0) signals.push("link");
  if (links > 1) signals.push("links");
  if (links > 0 && plain <= 2) signals.push("only-link");
  if (words.includes("_phone") || words.includes("_email")) signals.push("contact");
  if (words.includes("subscribe")) signals.push(plain <= 6 ? "subscribe-short" : "subscribe-long");
  if (plain <= 3 && links === 0 && !words.includes("subscribe")) signals.push("short");
  return signals;
}
