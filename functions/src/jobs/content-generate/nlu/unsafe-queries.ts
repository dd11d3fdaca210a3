/** A kind of query that is not answered: it asks how to do something to something. */
interface UnsafeKind {
  kind: string;
  patterns: readonly RegExp[];
}

const MAKE =
  "(?:make|build|construct|create|assemble|synthesi[sz]e|cook|produce|brew|mix|print|grow|weaponi[sz]e|buy|get|obtain|write|code|program)";
const WEAPON =
  "(?:(?<!bath |photo |seed |cherry |logic |atom |atomic )bombs?|explosives?|pipe bombs?|grenades?|detonators?|molotov\\w*|napalm|nerve (?:agent|gas)|sarin|vx gas|novichok|ricin|mustard gas|chemical weapons?|bio(?:logical )?weapons?|anthrax|dirty bombs?|ghost guns?|silencers?|untraceable (?:gun|firearm)s?)";
const DRUG =
  "(?:meth|methamphetamine|crystal meth|heroin|crack|cocaine|fentanyl|mdma|ecstasy|lsd|ghb|date[- ]rape drugs?)";
const MALWARE =
  "(?:ransomware|malware|spyware|keyloggers?|trojans?|botnets?|computer (?:virus|worm)(?:es|s)?|rootkits?|phishing (?:page|site|mail|email)s?)";
const PERSON =
  "(?:someone|somebody|anyone|people|(?:a|the|my|your|his|her|their|our|this|that|another) (?:\\w+ )?(?:person|man|woman|boy|girl|child|kid|baby|wife|husband|partner|boyfriend|girlfriend|ex|neighbou?r|boss|teacher|coworker|colleague|classmate|friend|mother|father|mom|dad|parents?|brother|sister|family|roommate|enemy))";

/**
 * Kinds of queries that ask for harm. The patterns want an act together with its object, so that questions about
 * history, law or science pass.
 */
const UNSAFE_KINDS: readonly UnsafeKind[] = [
  { kind: "weapons", patterns: [new RegExp(`\\b${MAKE}\\b[^.?!]{0,40}?\\b${WEAPON}`, "i")] },
  { kind: "drugs", patterns: [new RegExp(`\\b${MAKE}\\b[^.?!]{0,30}?\\b${DRUG}\\b`, "i")] },
  { kind: "malware", patterns: [new RegExp(`\\b${MAKE}\\b[^.?!]{0,30}?\\b${MALWARE}`, "i")] },
  {
    kind: "self-harm",
    patterns: [
      /\b(?:kill|hurt|harm|hang|cut|poison|drown|starve)\s+(?:myself|yourself|oneself)\b/i,
      /\bhow (?:to|do i|can i|should i)\b[^.?!]{0,30}\b(?:suicide|overdose|end my life|die painlessly|self[- ]harm)\b/i,
      /\b(?:painless|easiest|best|quickest)\b[^.?!]{0,20}\b(?:way to die|suicide)\b/i,
    ],
  },
  {
    kind: "violence",
    patterns: [
      new RegExp(
        `\\bhow (?:to|do i|can i|could i|would i|should i)\\b[^.?!]{0,30}?\\b(?:kill|murder|poison|kidnap|stalk|torture|strangle|drug|rape|assault|traffic)\\s+${PERSON}`,
        "i",
      ),
      /\bget away with (?:murder|rape|killing)\b/i,
    ],
  },
  {
    kind: "minors",
    patterns: [
      /\b(?:sexual|sexy|nude|naked|erotic|porn\w*)\b[^.?!]{0,30}\b(?:child(?:ren)?|minors?|kids?|preteens?|underage|schoolgirls?|schoolboys?|toddlers?)\b/i,
      /\b(?:child(?:ren)?|minors?|kids?|preteens?|underage)\b[^.?!]{0,20}\b(?:porn\w*|nudes?|erotica?)\b/i,
    ],
  },
  {
    kind: "crime",
    patterns: [
      /\bhow (?:to|do i|can i)\b[^.?!]{0,20}\b(?:hack|break into|steal|crack)\b[^.?!]{0,30}\b(?:accounts?|passwords?|e-?mails?|wi-?fi|credit cards?|identit(?:y|ies)|bank|phones?|cars?)\b/i,
      /\bhow (?:to|do i|can i)\b[^.?!]{0,20}\b(?:counterfeit|forge|launder)\b/i,
    ],
  },
  {
    kind: "hate",
    patterns: [
      /\bwhy (?:are|is)\b[^.?!]{0,30}\b(?:jews?|muslims?|christians?|blacks?|whites?|asians?|arabs?|gays?|women|immigrants?|refugees?)\b[^.?!]{0,30}\b(?:inferior|subhuman|vermin|stupid|evil|disgusting|criminals|ruining)\b/i,
    ],
  },
];

/**
 * The kind of harm that a query asks for; undefined when it asks for none. The rules know English. Queries in other
 * languages are left to the safety settings of the language model, where there is one.
 */
export function unsafeKind(query: string): string | undefined {
  const plain = query.normalize("NFKC").replace(/\s+/g, " ");
  return UNSAFE_KINDS.find(({ patterns }) => patterns.some((pattern) => pattern.test(plain)))?.kind;
}
