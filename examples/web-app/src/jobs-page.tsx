import { useJobs } from "@baton/client/react";
import { signOut, type User } from "firebase/auth";
import { useState } from "react";
import { baton } from "./baton.ts";
import { ErrorNote } from "./error-note.tsx";
import { auth } from "./firebase.ts";
import { JobCard } from "./job-card.tsx";
import { NewJob } from "./new-job.tsx";

/** Submits jobs, shows the selected one, and lists the newest ones of the user. */
export function JobsPage({ user }: { user: User }) {
  const [jobId, setJobId] = useState<string>();
  return (
    <main>
      <header className="row">
        <h1>Mood</h1>
        <span className="quiet">{user.email}</span>
        <button type="button" className="link" onClick={() => void signOut(auth)}>
          Sign out
        </button>
      </header>
      <NewJob onSubmitted={setJobId} />
      {jobId !== undefined && <JobCard key={jobId} jobId={jobId} />}
      <RecentJobs owner={user.uid} selected={jobId} onSelect={setJobId} />
    </main>
  );
}

interface RecentJobsProps {
  owner: string;
  selected: string | undefined;
  onSelect: (jobId: string) => void;
}

const time = new Intl.DateTimeFormat("en", { timeStyle: "medium" });

function RecentJobs({ owner, selected, onSelect }: RecentJobsProps) {
  const jobs = useJobs(baton, owner, 5);
  if (jobs.state === "failed") return <ErrorNote error={jobs.error} />;
  if (jobs.state === "loading" || jobs.value.length === 0) return null;
  return (
    <nav aria-label="Recent jobs">
      {jobs.value.map(({ jobId, status, createdAt }) => (
        <button type="button" key={jobId} aria-current={jobId === selected} onClick={() => onSelect(jobId)}>
          <span className={`status ${status}`}>{status}</span>
          <time dateTime={createdAt}>{time.format(new Date(createdAt))}</time>
        </button>
      ))}
    </nav>
  );
}
