import { captionsOf, type NounPhraseTagger } from "../../../content/scene-captions.ts";
import { speakingMs } from "../../../content/speaking-time.ts";
import type { FoundPassage, SourceText } from "../rag/retrieve.ts";
import type { Scene, Script, Understanding } from "../schemas.ts";
import { type ChosenSentence, type ComposingTools, chooseSentences } from "./choose-sentences.ts";

/** The material of a script. */
export interface Material {
  question: Understanding;
  sources: readonly SourceText[];
  passages: readonly FoundPassage[];
  seconds: number;
}

/** The outcome: a script, or how many seconds the sources are enough for. */
export type Composition = { outcome: "composed"; script: Script } | { outcome: "short"; seconds: number };

/** A scene is on the screen for about so long. */
const SCENE_MS = 9000;
/** The sources are enough when their sentences fill this share of the time; pauses and a slower voice do the rest. */
const ENOUGH = 0.8;

/**
 * Composes a script of sentences of the sources, each as it stands there: nothing is said that no source says. The same
 * material gives the same script.
 */
export function composeExtractive(material: Material, tools: ComposingTools, tag?: NounPhraseTagger): Composition {
  const { question, passages, sources, seconds } = material;
  const sentences = chooseSentences(passages, question, tools, seconds * 1000);
  const spokenMs = sentences.reduce((sum, { text }) => sum + speakingMs(text), 0);
  if (spokenMs < seconds * 1000 * ENOUGH) return { outcome: "short", seconds: Math.floor(spokenMs / 1000 / ENOUGH) };
  const groups = groupInScenes(sentences, spokenMs);
  const captions = captionsOf(
    question,
    groups.map((group) => group.map(({ text }) => text)),
    tools,
    tag,
  );
  const scenes = groups.map((group, index) => sceneOf(group, captions[index] ?? question.title, sources));
  return { outcome: "composed", script: { title: question.title, scenes, writer: "extractive" } };
}

/** Scenes of about equal length; one ends rather where the source changes or a gap is. */
function groupInScenes(sentences: readonly ChosenSentence[], totalMs: number): ChosenSentence[][] {
  const sceneMs = totalMs / Math.max(1, Math.round(totalMs / SCENE_MS));
  const groups: ChosenSentence[][] = [];
  let ms = 0;
  for (const sentence of sentences) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    const addedMs = speakingMs(sentence.text);
    const isElsewhere =
      before !== undefined && (before.source !== sentence.source || before.passage !== sentence.passage);
    const isFull = ms + addedMs / 2 > sceneMs || (isElsewhere && ms > sceneMs * 0.6);
    if (group && !isFull) {
      group.push(sentence);
      ms += addedMs;
    } else {
      groups.push([sentence]);
      ms = addedMs;
    }
  }
  return groups;
}

function sceneOf(group: readonly ChosenSentence[], caption: string, sources: readonly SourceText[]): Scene {
  return {
    narration: group.map(({ text }) => text).join(" "),
    caption,
    seconds: Math.round(group.reduce((sum, { text }) => sum + speakingMs(text), 0) / 100) / 10,
    citations: group.map(({ source, start, end }) => ({
      ...{ source, start, end },
      quote: sources[source]?.text.slice(start, end) ?? "",
    })),
  };
}
