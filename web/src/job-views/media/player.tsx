import { Alert, Skeleton } from "@mantine/core";
import { type RefObject, type SyntheticEvent, useEffect, useMemo, useRef, useState } from "react";
import { useJobFile } from "../use-job-file.ts";
import classes from "./media.module.css";
import { Transcript } from "./transcript.tsx";
import { lineAt, linesOfScenes, readWebVtt, type Subtitles } from "./transcript-lines.ts";
import type { Narrated } from "./types.ts";

/** The video, or the sound where there is no video, with its transcript beside it. */
export function Player({ jobId, output }: { jobId: string; output: Narrated }) {
  const { video, audio, thumbnail, subtitles } = output.files;
  const { width, height } = output.frame ?? { width: 16, height: 9 };
  const aspectRatio = `${width} / ${height}`;
  const media = useJobFile(jobId, (video ?? audio)?.name);
  const poster = useJobFile(jobId, video && thumbnail?.name);
  const captions = useJobFile(jobId, subtitles?.name);
  const read = useSubtitles(captions.state === "ready" ? captions.blob : undefined);
  const lines = useMemo(() => read?.lines ?? linesOfScenes(output), [read, output]);
  const [timeMs, setTimeMs] = useState(0);
  const [isUnplayable, setIsUnplayable] = useState(false);
  const element = useRef<HTMLVideoElement>(null);
  const seek = (ms: number) => {
    if (!element.current) return;
    element.current.currentTime = ms / 1000;
    setTimeMs(ms);
  };
  return (
    <section
      className={`card ${classes.player}`}
      data-upright={height > width || undefined}
      aria-label={video ? "Video" : "Audio"}
    >
      {media.state === "loading" && (
        <Skeleton className={classes.media ?? ""} style={{ aspectRatio }} role="status" aria-label="Loading" />
      )}
      {media.state === "failed" && <NoMedia detail={media.detail} />}
      {isUnplayable && <NoMedia detail="This browser does not know its format. Download it below." />}
      {media.state === "ready" && !isUnplayable && (
        <Media
          element={element}
          src={media.url}
          aspectRatio={aspectRatio}
          poster={poster.state === "ready" ? poster.url : undefined}
          captions={captions.state === "ready" ? captions.url : undefined}
          language={read?.language}
          onTime={setTimeMs}
          onFailure={() => setIsUnplayable(true)}
        />
      )}
      <Transcript lines={lines} current={lineAt(lines, timeMs)} onSeek={seek} />
    </section>
  );
}

interface MediaProps {
  element: RefObject<HTMLVideoElement | null>;
  src: string;
  aspectRatio: string;
  poster: string | undefined;
  /** Address of the WebVTT file; without one the captions are in the pictures. */
  captions: string | undefined;
  language: string | undefined;
  onTime: (ms: number) => void;
  onFailure: () => void;
}

function NoMedia({ detail }: { detail: string }) {
  return (
    <Alert color="red" title="The file cannot be played" role="alert">
      {detail}
    </Alert>
  );
}

/** A video element, which plays sound alone as well. */
function Media({ element, src, aspectRatio, poster, captions, language, onTime, onFailure }: MediaProps) {
  const tell = (event: SyntheticEvent<HTMLVideoElement>) => onTime(event.currentTarget.currentTime * 1000);
  return (
    // biome-ignore lint/a11y/useMediaCaption: a video without subtitles has its captions in the pictures.
    <video
      ref={element}
      className={classes.media}
      style={{ aspectRatio }}
      src={src}
      poster={poster}
      controls
      playsInline
      onTimeUpdate={tell}
      onSeeked={tell}
      onError={onFailure}
    >
      {captions !== undefined && (
        <track kind="captions" src={captions} srcLang={language} label={language ?? "Captions"} default />
      )}
    </video>
  );
}

/** Reads the subtitles of a WebVTT file; undefined until then. */
function useSubtitles(file: Blob | undefined): Subtitles | undefined {
  const [subtitles, setSubtitles] = useState<Subtitles>();
  useEffect(() => {
    let isGone = false;
    file?.text().then(
      (text) => !isGone && setSubtitles(readWebVtt(text)),
      // A blob in memory that cannot be read: the scenes of the script are the transcript.
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [file]);
  return subtitles;
}
