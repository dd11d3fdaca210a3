import type { JobInput } from "@baton/client";
import { type SubmitEvent, useState } from "react";
import type { jobs } from "../../../functions/src/jobs/index.ts";
import { baton } from "./baton.ts";
import { ErrorNote } from "./error-note.tsx";
import { useAction } from "./use-action.ts";

const SAMPLE = `I love this song, it makes my day!
Which camera did you use?
The sound is far too quiet, I could not hear a word.
Please make a second part.`;

/** Asks for comments, or for a video, and submits the job. */
export function NewJob({ onSubmitted }: { onSubmitted: (jobId: string) => void }) {
  const [text, setText] = useState(SAMPLE);
  const { run, isBusy, error } = useAction();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    run(async () => onSubmitted((await baton.submit("video.analysis", inputOf(text))).jobId));
  };
  return (
    <form className="card" onSubmit={submit}>
      <label>
        Comments, one per line, or the address of a YouTube video
        <textarea rows={5} value={text} onChange={(event) => setText(event.currentTarget.value)} required />
      </label>
      <ErrorNote error={error} />
      <button type="submit" disabled={isBusy}>
        Analyse
      </button>
    </form>
  );
}

function inputOf(text: string): JobInput<typeof jobs, "video.analysis"> {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const [first = ""] = lines;
  const isAddress = lines.length === 1 && first.startsWith("https://");
  return isAddress ? { videoUrlOrId: first } : { comments: lines.map((line) => ({ text: line })) };
}
