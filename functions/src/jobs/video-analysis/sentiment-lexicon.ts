/**
 * How people praise and complain below videos: words, phrases, emoji and emoticons with a valence from -4 to 4. Written
 * for this project from reading such comments. Words it does not have are looked up in the language model, which knows
 * plain English but not that "sick" and "fire" are praise here.
 */
const WORDS: Readonly<Record<string, string>> = {
  "4": "masterpiece perfection flawless goat",
  "3.2":
    "amazing awesome excellent outstanding incredible brilliant fantastic phenomenal magnificent superb stunning breathtaking perfect wonderful spectacular extraordinary amazin awsome amazingly beautifully perfectly best bestest",
  "3": "love loved loves loving luv luvs lovee loove adore adored beautiful gorgeous epic legendary genius iconic hilarious delicious lovely awesomeness",
  "2.4":
    "great gr8 fabulous fab favorite favourite fave impressive inspiring inspirational addictive addicting legend legends banger slaps slay slayed dope goosebumps wow woah talented talent king queen angel hero best banging bangin underrated timeless superior heartwarming wholesome soothing blessed grateful hype hyped congrats congratulations bravo bless addicted obsessed respect",
  "2": "good gud goood nice nicee cool kool fun funny sweet cute pretty catchy fresh fire lit sick rocks rocking enjoy enjoyed enjoying enjoyable happy helpful useful informative interesting educational insightful clear excited entertaining nostalgic yummy tasty thanks thank thx thankyou smart clever strong powerful glad proud inspired recommend recommended liked likes fan yay hooray yeah magic magical relaxing satisfying comforting solid worth",
  "1.2":
    "better okay fine cheers original unique classic haha hahaha hahah laughing laughed laugh smile smiling smiled hope hot sexy accurate right true positive works worked well",
  "0.6": "lol lmao rofl",
  "-1.2":
    "meh confusing confused slow weird odd repetitive loud quiet unclear bland average mediocre outdated overused lag laggy blurry dislikes broken wrong worse irritating skip lame fake cheap poor error mistake mistakes bug problem issues",
  "-2": "bad badly boring bored dull annoying annoyed annoys disappointed disappointing disappointment disappoints overrated dislike disliked ugly dumb lazy cringe cringy cringey cringing fail failed fails flop floop rude ruined ruin ruins noisy pointless useless nonsense misleading clickbait scam unwatchable unlistenable ridiculous silly fool foolish irrelevant sucky stinks angry mad unfair ignorant racist sexist offensive dangerous overhyped overplayed talentless hates screw",
  "-3": "hate hated hating terrible horrible awful worst trash garbage rubbish crap crappy suck sucks sucked sux disgusting disgusted pathetic stupid idiot idiots idiotic moron morons retard retarded shit shitty shite bullshit dogshit disgrace atrocious abysmal dreadful horrendous vomit puke worthless gross nasty bitch whore slut asshole bastard untalented loser losers wank",
};

/** Words that the language model has an opinion of and that carry none below a video. */
const NEUTRAL =
  "like gay jesus christ god lord war gift die dies died dead drop dropped drops kill killed kills killer kick kicked fight free share want need help yes no stop crazy insane mad miss missed lost hard hell damn dang wtf omg omfg party celebrity united top win won pay vision dream dreams admit alone attack attention cry crying cried tears fuck fucking fuckin fucked fck fking freaking please play playing serious block blocked warning important matter number hit hits shot shoot low strange chance care spirit chilling growing big increase increased limited save saved easy ha join accept agree allow reach reached solve popular pray praying demand pressure poison gun guns bomb bombs virus jail ghost monster zombie murder devil hey please rock lmfao sorry ass death curse illness missing war warring hater haters sad sex sexual naked nude drunk dark".split(
    " ",
  );

/** Words that strengthen (above 1) or weaken (below 1) the opinion that follows. */
export const INTENSIFIERS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    "1.3":
      "very really so too super extremely absolutely totally completely truly incredibly insanely freaking fucking fuckin damn literally such soo sooo hella mega ultra seriously pure unbelievably most simply",
    "0.6": "slightly somewhat kinda sorta bit little fairly pretty quite rather almost partly",
  }).flatMap(([factor, words]) => words.split(" ").map((word): [string, number] => [word, Number(factor)])),
);

/** Words that turn the opinion after them round, apostrophes left out. */
export const NEGATIONS: ReadonlySet<string> = new Set(
  "not no never dont doesnt didnt isnt arent wasnt werent aint cant cannot couldnt wont wouldnt shouldnt hasnt havent hadnt without nothing none nobody neither nor hardly barely lacks lacking stopped stop".split(
    " ",
  ),
);

/** Expressions that mean something else than their words; apostrophes left out, longest first where they overlap. */
export const PHRASES: readonly (readonly [phrase: string, valence: number])[] = [
  ["never gets old", 3],
  ["never get old", 3],
  ["never get tired of", 3],
  ["never get bored", 3],
  ["cant stop listening", 3],
  ["cant stop watching", 3],
  ["cant get enough", 3],
  ["cant help but smile", 2.5],
  ["cant go wrong", 2],
  ["couldnt be better", 3],
  ["could not be better", 3],
  ["couldnt agree more", 1.5],
  ["couldnt care less", -2],
  ["could care less", -2],
  ["could be better", -1.5],
  ["could have been better", -1.5],
  ["doesnt get better", 3],
  ["no one can beat", 2.5],
  ["nobody can beat", 2.5],
  ["no doubt", 0.5],
  ["no problem", 0],
  ["not only", 0],
  ["no wonder", 0],
  ["you rock", 2.5],
  ["helped me", 2],
  ["helps me", 2],
  ["saved my life", 2.5],
  ["changed my life", 3],
  ["cant wait", 2],
  ["can not wait", 2],
  ["deserves more", 2],
  ["deserve more", 2],
  ["nobody does it better", 3],
  ["no complaints", 2],
  ["no one does it better", 3],
  ["dont understand", -1],
  ["oh great", 0],
  ["isnt this", 0],
  ["isnt it", 0],
  ["10 10", 3],
  ["100 100", 3],
  ["0 10", -3],
  ["not bad", 1.5],
  ["not that bad", 1.2],
  ["not so bad", 1.2],
  ["not too bad", 1.2],
  ["arent that bad", 1.2],
  ["isnt that bad", 1.2],
  ["bad ass", 2.5],
  ["badass", 2.5],
  ["kick ass", 2.5],
  ["kicks ass", 2.5],
  ["sick of", -2],
  ["tired of", -1.5],
  ["bored of", -2],
  ["gets old", -1.5],
  ["makes me sick", -2.5],
  ["waste of time", -3],
  ["waste of", -2.5],
  ["wasted my time", -3],
  ["waste my time", -3],
  ["piece of shit", -3.5],
  ["the shit", 2.5],
  ["holy shit", 0.5],
  ["no shit", 0],
  ["shut up", -2],
  ["shut the fuck up", -3],
  ["go die", -3.5],
  ["fuck you", -3],
  ["fuck this", -3],
  ["fuck off", -3],
  ["fucked up", -2],
  ["kill yourself", -4],
  ["drink bleach", -3],
  ["my ears", -1.5],
  ["ears bleed", -3],
  ["makes no sense", -2],
  ["doesnt make sense", -2],
  ["who cares", -1.5],
  ["whats wrong with", -1.5],
  ["what a joke", -2.5],
  ["is a joke", -2.5],
  ["made my day", 3],
  ["makes my day", 3],
  ["makes me happy", 3],
  ["made me cry", 0.8],
  ["brings back memories", 2],
  ["good old days", 2],
  ["good job", 2.5],
  ["well done", 2.8],
  ["great job", 3],
  ["keep it up", 2.2],
  ["keep up the", 2.2],
  ["keep going", 1.5],
  ["on repeat", 2.2],
  ["on point", 2],
  ["on fire", 2],
  ["killing it", 2.5],
  ["killed it", 2.5],
  ["nailed it", 3],
  ["hell yeah", 2.5],
  ["fuck yeah", 2.5],
  ["thumbs up", 1],
  ["thumbs down", -2],
  ["two thumbs up", 2.5],
  ["this is it", 0],
  ["look like", 0],
  ["looks like", 0],
  ["sounds like", 0],
  ["i like", 1.8],
  ["we like", 1.8],
  ["also like", 1.2],
  ["really like", 2.2],
  ["dont like", -2],
  ["do not like", -2],
  ["didnt like", -2],
  ["did not like", -2],
  ["dont really like", -2],
  ["doesnt like", -1],
  ["dont even like", -2],
  ["i would like to", 0],
  ["would like to", 0],
  ["would love to see", 0.8],
  ["would love to", 0.8],
  ["id love to", 0.8],
  ["would be nice", 0.3],
  ["would be great", 0.3],
  ["would be cool", 0.3],
  ["love to hate", -1],
  ["better than", 0.6],
  ["best of luck", 1.5],
  ["used to love", -0.5],
  ["used to be good", -1.5],
  ["miss you", 1],
  ["too much", -0.8],
  ["too long", -1.2],
  ["too loud", -1.5],
  ["too short", -0.8],
  ["too fast", -1],
  ["all right", 0.3],
  ["right now", 0],
  ["as well", 0],
  ["thanks for nothing", -2.5],
  ["thanks a lot", 2],
  ["thank you", 2.2],
  ["god bless", 2.4],
  ["pretty much", 0],
  ["so what", -0.5],
];

const EMOJI: Readonly<Record<string, string>> = {
  "2.5": "❤ ♥ 💜 💙 💚 💛 🧡 🖤 🤍 💕 💖 💗 💘 💝 💞 😍 🥰 😘 🤩 🔥 💯 🏆 👑 🫶",
  "2": "👍 👏 🙌 😊 😀 😃 😄 😁 😎 🥳 🎉 ✨ 🌟 ⭐ 💪 🙏 ☺ 😻 🤗 😇 💐 🌹 👌 ✌ 🕺 💃 🤘",
  "1": "😂 🤣 😆 😅 😉 😋 😜 😝 🎶 🎵 🌈 🌸 🙂 😏",
  "-1": "😕 😒 🙄 😑 😐 😬 🤨 😴 🥱 😞 😔 😟 ☹ 🙁 😣 😖",
  "-2.5": "👎 😡 😠 🤬 🤮 🤢 💩 🖕 😤 💔 🤡",
};

const EMOTICONS: readonly (readonly [RegExp, number])[] = [
  [/<3+/g, 2.5],
  [/<\/3/g, -2.5],
  [/(?:^|[\s.!?])[:;=][-o^]?[)\]}>D]+(?!\w)/g, 1.8],
  [/(?:^|\s)[xX]D+\b/g, 1.5],
  [/(?:^|\s)[:=;][-^]?[*pP](?!\w)/g, 1.2],
  [/(?:^|\s)(?:\^[_.]?\^|\*[_.]\*)/g, 1.8],
  [/(?:^|[\s.!?])[:=]['’]?[-o^]?[([{]+(?!\w)/g, -1.8],
  [/(?:^|\s):[-]?\/(?!\/)/g, -1.2],
  [/(?:^|\s)-[_.]+-/g, -1.5],
];

/** Valence of single words; 0 for those that carry none here. */
export const WORD_VALENCES: ReadonlyMap<string, number> = new Map([
  ...NEUTRAL.map((word): [string, number] => [word, 0]),
  ...Object.entries(WORDS).flatMap(([valence, words]) =>
    words.split(" ").map((word): [string, number] => [word, Number(valence)]),
  ),
]);

const EMOJI_VALENCES: ReadonlyMap<string, number> = new Map(
  Object.entries(EMOJI).flatMap(([valence, emoji]) =>
    emoji.split(" ").map((one): [string, number] => [one, Number(valence)]),
  ),
);

/** An emoticon or emoji that is typed again and again counts three times at most. */
const MAX_REPEATS = 3;

/** Sum of the valences of the emoji and emoticons in a text, in any language. */
export function emojiValence(text: string): number {
  const counts = new Map<string, number>();
  for (const [emoji] of text.matchAll(/\p{Extended_Pictographic}/gu)) counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
  let sum = 0;
  for (const [emoji, count] of counts) sum += (EMOJI_VALENCES.get(emoji) ?? 0) * repeatWeight(count);
  for (const [pattern, valence] of EMOTICONS) sum += valence * repeatWeight(text.match(pattern)?.length ?? 0);
  return sum;
}

/** 0, 1, 1.5 or 2: each repeat adds half a word. */
function repeatWeight(count: number): number {
  return count === 0 ? 0 : 1 + 0.5 * (Math.min(count, MAX_REPEATS) - 1);
}
