import type { ComponentProps, MouseEvent } from "react";
import { useSyncExternalStore } from "react";
import { expectHeading, focusHeading } from "./page-heading.tsx";

/** The console's places: the form for a new job, of a job type if one is asked for, and one job. */
export type Route = { page: "home"; type: string | undefined } | { page: "job"; jobId: string };

const JOB_PATH = /^\/jobs\/([^/]+)\/?$/;
const changed = new EventTarget();

/** Where the page is; follows links, `navigate` and the browser's own buttons. */
export function useRoute(): Route {
  const place = useSyncExternalStore(subscribe, currentPlace);
  const [path = "", query] = place.split("?");
  const jobId = JOB_PATH.exec(path)?.[1];
  if (jobId !== undefined) return { page: "job", jobId: decoded(jobId) };
  return { page: "home", type: new URLSearchParams(query).get("type") || undefined };
}

function currentPlace(): string {
  return window.location.pathname + window.location.search;
}

/** As it stands when it is no escaped text: its page then says that there is no such job. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Goes to `path` without a reload, and the focus to its heading; also when the page is there already. */
export function navigate(path: string): void {
  if (path === currentPlace()) {
    focusHeading();
    return;
  }
  expectHeading();
  window.history.pushState(null, "", path);
  changed.dispatchEvent(new Event("change"));
}

/** Path of the form for a new job of `type`. */
export function homePath(type: string): string {
  return `/?${new URLSearchParams({ type })}`;
}

/** Path of one job's page. */
export function jobPath(jobId: string): string {
  return `/jobs/${encodeURIComponent(jobId)}`;
}

/** A link inside the console: a plain click stays in the page, any other does what the browser does with links. */
export function Link({ href, ...props }: ComponentProps<"a"> & { href: string }) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(href);
  };
  return <a href={href} onClick={follow} {...props} />;
}

function subscribe(listener: () => void): () => void {
  const goBackOrForth = () => {
    expectHeading();
    listener();
  };
  changed.addEventListener("change", listener);
  window.addEventListener("popstate", goBackOrForth);
  return () => {
    changed.removeEventListener("change", listener);
    window.removeEventListener("popstate", goBackOrForth);
  };
}
