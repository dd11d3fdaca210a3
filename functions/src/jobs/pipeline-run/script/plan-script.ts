import { captionsOf, type NounPhraseTagger } from "../../../content/scene-captions.ts";
import { speakingMs } from "../../../content/speaking-time.ts";
import type { TextTools } from "../../../content/text-tools.ts";
import { wordsOf } from "../../../content/words.ts";
import type { LanguageCode } from "../../../media/languages.ts";
import type { PipelineScript } from "../schemas.ts";
import type { Analysis } from "./analyse-content.ts";
import { condense } from "./condense.ts";

/** The target of a script. */
export interface ScriptPlan {
  language: LanguageCode;
  seconds: { least: number; most: number };
  sceneSeconds: number;
}

/** The outcome of a plan: a script, or the shortest time that one sentence takes. */
export type ScriptWriting = { outcome: "written"; script: PipelineScript } | { outcome: "no-room"; seconds: number };

/** Share of the time that words may fill by the estimate; the rest is for pauses. */
const SPOKEN_SHARE = 0.95;
const SHORT_SCENE_CHARS = 40;

/**
 * Plans what is said: all sentences, or the most telling ones where the time has no room for all, in scenes of about
 * equal length, each with a caption of its own words.
 */
export function planScript(
  { title, sentences }: Analysis,
  { seconds, sceneSeconds }: ScriptPlan,
  tools: TextTools,
  tag?: NounPhraseTagger,
): ScriptWriting {
  const chosen = condense(sentences, seconds.most * 1000 * SPOKEN_SHARE, tools.stem);
  if (chosen.length === 0) {
    return { outcome: "no-room", seconds: Math.ceil(Math.min(...sentences.map(speakingMs)) / 1000) };
  }
  const spokenMs = sumMs(chosen);
  const wantedScenes = Math.round(Math.max(spokenMs / 1000, seconds.least) / sceneSeconds);
  const groups = groupsOf(chosen, Math.max(1, Math.min(chosen.length, wantedScenes)));
  const captions = captionsOf({ title, keywords: wordsOf(title) }, groups, tools, tag);
  const stretch = Math.max(1, (seconds.least * 1000) / spokenMs);
  const scenes = groups.map((texts, index) => ({
    // A line break ends a sentence for the narrator, also behind a line without a full stop.
    narration: texts.join("\n"),
    caption: captionOf(texts, index, captions),
    seconds: Math.round((stretch * sumMs(texts)) / 100) / 10,
  }));
  return { outcome: "written", script: { title, scenes, omittedSentences: sentences.length - chosen.length } };
}

/** The words of a short scene say most themselves; the first scene has the title. */
function captionOf(texts: readonly string[], index: number, captions: readonly string[]): string {
  const [only = ""] = texts;
  const isShort = texts.length === 1 && only.length <= SHORT_SCENE_CHARS;
  return index > 0 && isShort ? only.replace(/[.:;,\s]+$/u, "") : (captions[index] ?? only);
}

/** Parts sentences, in their order, into at most `count` groups that take about as long as each other to say. */
function groupsOf(sentences: readonly string[], count: number): string[][] {
  const totalMs = sumMs(sentences);
  const groups = Array.from({ length: count }, (): string[] => []);
  let atMs = 0;
  for (const sentence of sentences) {
    const lengthMs = speakingMs(sentence);
    const place = Math.floor(((atMs + lengthMs / 2) / totalMs) * count);
    groups[Math.min(count - 1, place)]?.push(sentence);
    atMs += lengthMs;
  }
  return groups.filter((group) => group.length > 0);
}

function sumMs(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + speakingMs(text), 0);
}
