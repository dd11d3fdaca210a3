/** Reasons for which a media program or module gives up. */
export type MediaErrorCode = "ffmpeg-failed" | "ffmpeg-missing" | "speech-failed" | "unreadable-audio";

/** A failure of the tools that make media. Another attempt may help. */
export class MediaError extends Error {
  readonly code: MediaErrorCode;

  constructor(code: MediaErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "MediaError";
    this.code = code;
  }
}
