import type { ComponentProps, MouseEvent } from "react";
import { useSyncExternalStore } from "react";
import { expectHeading, focusHeading } from "./page-heading.tsx";

/** Pages of the console: the form for a new job, of `type` if the address names one, and the page of one job. */
export type Route = { page: "home"; type: string | undefined } | { page: "job"; jobId: string };

const JOB_PATH = /^\/jobs\/([^/]+)\/?$/;
const changed = new EventTarget();

/** Gives the current page, and renders again after links, `navigate` and the browser's own buttons. */
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

/** Decodes an escaped text. Gives malformed text unchanged: the page then shows that there is no such job. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Goes to `path` without a reload, and moves the focus to the heading, also when the page is the current one. */
export function navigate(path: string): void {
  if (path === currentPlace()) {
    focusHeading();
    return;
  }
  expectHeading();
  window.history.pushState(null, "", path);
  changed.dispatchEvent(new Event("change"));
}

/** Gives the path of the form for a new job of `type`. */
export function homePath(type: string): string {
  return `/?${new URLSearchParams({ type })}`;
}

/** Gives the path of a job's page. */
export function jobPath(jobId: string): string {
  return `/jobs/${encodeURIComponent(jobId)}`;
}

/** A link inside the console. A plain click loads no document; any other click is left to the browser. */
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
