import { narrate as readOut } from "../../../content/narrate.ts";
import { storeAudio, storeSubtitles, storeThumbnail, storeVideo } from "../../../content/store-media.ts";
import { needed } from "./products.ts";
import type { StageWork } from "./stage-scope.ts";

/** Speaks the script, in the step `tts`. Pauses fill the time of a preset with music, where the words are few. */
export const narrate: StageWork<"narration"> = async ({ step, signal, input, preset, ports }, _, products) => {
  const { seconds } = preset;
  const target = { language: input.metadata.language, seconds, fillsTime: true };
  return { narrated: await readOut({ step, signal }, ports.voice, needed(products, "script").scenes, target) };
};

/** Stores the sound track: the speech, and the music below it where there is some. */
export const mixSound: StageWork<"sound"> = async ({ files, compute, signal }, _, products) => {
  const { sound, timeline } = needed(products, "narrated");
  const { music } = products;
  const audio = await storeAudio(
    { files, signal },
    {
      speech: sound,
      ...(music && {
        music: (until) =>
          compute("renderMusic", { piece: music.piece, seconds: timeline.durationMs / 1000 }, { signal: until }),
      }),
    },
  );
  return { files: { audio } };
};

/** Stores the captions. */
export const writeSubtitles: StageWork<"subtitles"> = async ({ files, input }, _, products) => ({
  files: { subtitles: await storeSubtitles({ files }, needed(products, "narrated").cues, input.metadata.language) },
});

/** Stores the video. */
export const makeVideo: StageWork<"video"> = async ({ files, signal, progress, preset }, { captions }, products) => {
  const { timeline, cues } = needed(products, "narrated");
  const { author } = needed(products, "analysis");
  const scenes = needed(products, "script").scenes.map(({ caption }, index) => {
    const { startMs = 0, endMs = 0 } = timeline.scenes[index] ?? {};
    return { heading: caption, startMs, endMs, ...(author !== undefined && { note: author }) };
  });
  const picture = { frame: preset.frame, hasCaptions: captions, scenes, cues };
  return { files: { video: await storeVideo({ files, signal, progress }, picture) } };
};

/** Stores the picture that stands for the video. */
export const drawThumbnail: StageWork<"thumbnail"> = async ({ files, preset }, _, products) => {
  const { title, author = "" } = needed(products, "analysis");
  return { files: { thumbnail: await storeThumbnail({ files }, { frame: preset.frame, title, note: author }) } };
};
