import type { Quality } from "../../../../functions/src/media/quality-findings.ts";

// The one file of these parts that names the deployment's code: types only, so that no schema is in the page.
export type { LanguageCode } from "../../../../functions/src/media/languages.ts";
export type { Quality } from "../../../../functions/src/media/quality-findings.ts";

/** A file of a job, as outputs name it. */
export interface MediaFile {
  readonly fileId: string;
  readonly name: string;
  readonly bytes: number;
}

/** The output of a job that tells something in scenes, as far as its player needs it. */
export interface Narrated {
  readonly files: {
    readonly [Kind in "video" | "audio" | "thumbnail" | "subtitles"]?: MediaFile | undefined;
  };
  readonly script: { readonly scenes: readonly { readonly narration: string; readonly seconds: number }[] };
  readonly durationMs?: number | undefined;
  /** The size of the video; 16:9 unless given. */
  readonly frame?: { readonly width: number; readonly height: number } | undefined;
  readonly quality?: Quality | undefined;
}
