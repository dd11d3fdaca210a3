import "../zod-without-eval.ts";
import { type BatonClient, createBatonClient } from "@baton/client";
import { useJobs } from "@baton/client/react";
import { useHotkeys } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import type { User } from "firebase/auth";
import { connectFirestoreEmulator, type Firestore, getFirestore } from "firebase/firestore";
import { useEffect, useMemo, useRef, useState } from "react";
import { ErrorBoundary } from "../error-boundary.tsx";
import { useMounted } from "../mounted.ts";
import { jobPath, navigate, useRoute } from "../navigation.tsx";
import { holdFocus } from "../page-heading.tsx";
import type { Project } from "../session.ts";
import { Alerts } from "./alerts.tsx";
import { ClientContext, SignedInContext, UidContext, useClient } from "./client-context.ts";
import classes from "./console.module.css";
import { Header } from "./header.tsx";
import { JobList } from "./job-list.tsx";
import { JobPage } from "./job-page.tsx";
import { NewJob } from "./new-job.tsx";
import { OfflineBanner } from "./offline-banner.tsx";

/** Number of jobs in the list at first, and of further jobs for each press of "Show more". */
const PAGE = 50;

/** The console of a signed-in user: the list of jobs at the side, and the form or one job beside it. */
export function Console({ project, user }: { project: Project; user: User }) {
  const isSignedIn = useMounted();
  const client = useMemo(() => clientOf(project, user), [project, user]);
  // The next user must not see the messages to this one.
  useEffect(() => () => notifications.clean(), []);
  return (
    <UidContext value={user.uid}>
      <SignedInContext value={isSignedIn}>
        <ClientContext value={client}>
          <Shell project={project} user={user} />
        </ClientContext>
      </SignedInContext>
    </UidContext>
  );
}

function clientOf(project: Project, user: User): BatonClient {
  return createBatonClient({
    apiUrl: project.config.apiUrl || window.location.origin,
    getToken: (options) => user.getIdToken(options?.forceRefresh),
    firestore: openFirestore(project),
  });
}

/** Lays out the header, the list of jobs and the current page. */
function Shell({ project, user }: { project: Project; user: User }) {
  const route = useRoute();
  const [limit, setLimit] = useState(PAGE);
  const jobs = useJobs(useClient(), user.uid, limit);
  const selectedId = route.page === "job" ? route.jobId : undefined;
  const content = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for every page that is shown.
  useEffect(() => holdFocus(content.current), [selectedId]);
  useListKeys(jobs.state === "ready" ? jobs.value.map((job) => job.jobId) : [], selectedId);
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#content">
        Skip to content
      </a>
      <Header project={project} user={user} />
      <OfflineBanner isConnected={jobs.isConnected} />
      <div className={classes.body} data-page={route.page}>
        <main id="content" ref={content} className={classes.content} tabIndex={-1}>
          <ErrorBoundary key={selectedId} title="This page cannot be shown">
            <Alerts firestore={openFirestore(project)} owner={user.uid} />
            {route.page === "home" ? (
              <NewJob askedType={route.type} />
            ) : (
              <JobPage key={route.jobId} jobId={route.jobId} />
            )}
          </ErrorBoundary>
        </main>
        <aside className={classes.side} aria-label="Your jobs">
          <ErrorBoundary title="Your jobs cannot be shown">
            <JobList jobs={jobs} selectedId={selectedId} limit={limit} onMore={() => setLimit(limit + PAGE)} />
          </ErrorBoundary>
        </aside>
      </div>
    </div>
  );
}

const opened = new WeakMap<Project, Firestore>();

/** Opens the Firestore of a project once: the SDK accepts an emulator only before its first use. */
function openFirestore(project: Project): Firestore {
  const before = opened.get(project);
  if (before) return before;
  const firestore = getFirestore(project.app);
  const { emulators } = project.config;
  if (emulators) {
    const url = new URL(`http://${emulators.firestoreHost}`);
    connectFirestoreEmulator(firestore, url.hostname, Number(url.port));
  }
  opened.set(project, firestore);
  return firestore;
}

/** Binds `n` to the form, and `j` and `k` to the next and previous job; not while the user types. */
function useListKeys(jobIds: string[], selectedId: string | undefined): void {
  const walk = (by: 1 | -1) => {
    const at = selectedId === undefined ? -1 : jobIds.indexOf(selectedId);
    const next = jobIds[Math.max(0, at + by)];
    if (next !== undefined) navigate(jobPath(next));
  };
  useHotkeys([
    ["n", () => navigate("/")],
    ["j", () => walk(1)],
    ["k", () => walk(-1)],
  ]);
}
