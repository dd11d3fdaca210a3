import { isFinal, type JobView } from "@baton/client";
import { useJob, useJobResult } from "@baton/client/react";
import { baton } from "./baton.ts";
import { ErrorNote } from "./error-note.tsx";
import { Mood } from "./mood.tsx";
import { useAction } from "./use-action.ts";

/** Shows a job live: its progress while it is active, then its result. */
export function JobCard({ jobId }: { jobId: string }) {
  const job = useJob(baton, jobId);
  if (job.state === "failed") return <ErrorNote error={job.error} />;
  if (job.state === "loading") return <section className="card quiet">Loading the job…</section>;
  const { status } = job.value;
  return (
    <section className="card" aria-label="Job">
      <span className={`status ${status}`}>{status}</span>
      {isFinal(job.value) ? <Result jobId={jobId} /> : <Progress job={job.value} />}
      {!job.isConnected && <p className="quiet">No connection. The page continues by itself.</p>}
    </section>
  );
}

function Progress({ job: { jobId, progress, step, cancelRequested } }: { job: JobView }) {
  const { run, isBusy, error } = useAction();
  return (
    <>
      <progress value={progress} aria-label="Progress" />
      <div className="row">
        <span className="quiet">{step ?? "waiting"}</span>
        <button type="button" disabled={isBusy || cancelRequested} onClick={() => run(() => baton.cancel(jobId))}>
          Cancel
        </button>
      </div>
      <ErrorNote error={error} />
    </>
  );
}

function Result({ jobId }: { jobId: string }) {
  const result = useJobResult(baton, jobId);
  if (result.state === "loading") return <p className="quiet">Loading the result…</p>;
  if (result.state === "failed") return <ErrorNote error={result.error} />;
  const { value } = result;
  if (value.error)
    return (
      <p role="alert" className="error">
        {value.error.message}
      </p>
    );
  if (baton.isResultOf("video.analysis", value) && value.output) return <Mood analysis={value.output} />;
  return <p className="quiet">This job has no result.</p>;
}
