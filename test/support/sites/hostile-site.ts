import type { IncomingMessage, ServerResponse } from "node:http";

/** A site that harms a careless reader. */
export interface HostileSite {
  /** Its host is `<name>.localhost`. */
  name: string;
  /** The code that its scrape fails with; absent where there is a profile nevertheless. */
  code?: string;
  /** The name of the company in the profile. */
  company?: string;
  /** True where the profile has no name. */
  isEmpty?: true;
  answer(request: IncomingMessage, response: ServerResponse): void;
}

/** Headers of a page. */
export const HTML = { "content-type": "text/html; charset=utf-8" };
/** A page with a title. */
export const page = (title: string, body = "") =>
  `<!doctype html><html lang="en"><head><title>${title}</title></head><body>${body}`;

/** Answers every request alike. */
export const answered =
  (body: string | Uint8Array, status = 200, headers: Record<string, string> = {}): HostileSite["answer"] =>
  (_request, response) =>
    void response.writeHead(status, { ...HTML, ...headers }).end(body);

/** Answers robots.txt with 404, so that the rest of the site is asked for. */
export const site =
  (answer: HostileSite["answer"]): HostileSite["answer"] =>
  (request, response) =>
    request.url === "/robots.txt" ? void response.writeHead(404).end() : answer(request, response);

/** Redirects every request. */
export const redirectTo = (location: string) => site(answered("", 302, { location }));
