/** Words that almost every English comment of some length holds one of, and other languages do not. */
const ENGLISH = new Set(
  "the and is are was were this that it its you your i im my me we he she they them his her of to for with not dont but so just have has what when who why how all will can do does did like love song video be been there if or get got".split(
    " ",
  ),
);

/**
 * Frequent words of languages written in Latin letters; those that are also English words ("die", "man", "no", "me")
 * are left out.
 */
const OTHER = new Set(
  "que de la el los las una esta este muy pero por para con como eu voce não nao uma isso essa esse muito meu minha gosto les des une est pas vous nous je tu il elle dans pour avec sur c'est cette der das ist und nicht ich mit ein eine auch wie aber sehr dieser diese che di è sono questa questo non per più bu ve bir çok için ne nie jest się że dla ini yang dan untuk saya ada aku ik het een van niet zijn och att det är jag som på în și este mai es en canción cancion chanson lied musica música".split(
    " ",
  ),
);

/**
 * Detects the language of a text: `english` (also for a text too short to tell), `other` for words or letters of
 * another language, `none` for a text without words.
 */
export function languageOf(text: string): "english" | "other" | "none" {
  const sample = text.slice(0, 2000);
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return "none";
  const latin = sample.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (latin * 2 < letters) return "other";
  let english = 0;
  let other = 0;
  for (const [word] of sample.toLowerCase().matchAll(/[\p{L}\p{M}'’]+/gu)) {
    const plain = word.replace(/['’]/g, "");
    if (ENGLISH.has(plain)) english += 1;
    else if (OTHER.has(plain)) other += 1;
  }
  return other > english ? "other" : "english";
}
