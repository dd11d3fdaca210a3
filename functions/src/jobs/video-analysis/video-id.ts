import { PermanentError } from "@baton/engine";
import { storableText } from "@baton/engine/kit";

const VIDEO_ID = /^[A-Za-z0-9_-]{11}$/;
const HOST = /^(?:(?:www|m|music|gaming)\.)?(?:youtube\.com|youtube-nocookie\.com)$/;
const SHORT_HOST = /^(?:www\.)?youtu\.be$/;
/** Paths whose next segment is the id: `/shorts/<id>`, `/embed/<id>`, ... */
const ID_FOLDERS: ReadonlySet<string> = new Set(["shorts", "embed", "live", "v", "e", "watch"]);

/**
 * The 11-character id in any usual form of a YouTube address (with or without scheme, `watch?v=`, `youtu.be`, shorts,
 * live, embed, `/v/`, the mobile, music and no-cookie hosts, extra parameters), or in a bare id. Throws a
 * `PermanentError` `invalid-video` for anything else.
 */
export function parseVideoId(urlOrId: string): string {
  const given = urlOrId.trim();
  if (VIDEO_ID.test(given)) return given;
  const id = idInUrl(given);
  if (id !== undefined) return id;
  throw new PermanentError(
    "invalid-video",
    `"${shorten(given)}" is not a YouTube video. Give an 11-character video id or an address such as https://www.youtube.com/watch?v=dQw4w9WgXcQ.`,
  );
}

/** The canonical address of a video. */
export function videoUrl(id: string): string {
  return `https://www.youtube.com/watch?v=${id}`;
}

function idInUrl(given: string): string | undefined {
  const absolute = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `https://${given.replace(/^\/\//, "")}`;
  if (!URL.canParse(absolute)) return undefined;
  const url = new URL(absolute);
  if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
  const host = url.hostname.replace(/\.$/, "");
  const segments = url.pathname.split("/").filter((segment) => segment !== "");
  if (SHORT_HOST.test(host)) return onlyId(segments[0]);
  if (!HOST.test(host)) return undefined;
  const [folder, next] = segments;
  if (folder === "attribution_link") return idInAttributionLink(url);
  return onlyId(url.searchParams.get("v") ?? undefined) ?? (ID_FOLDERS.has(folder ?? "") ? onlyId(next) : undefined);
}

/** `/attribution_link?u=%2Fwatch%3Fv%3D<id>`: the address of the video is a parameter. */
function idInAttributionLink(url: URL): string | undefined {
  const target = url.searchParams.get("u");
  return target?.startsWith("/watch?") ? onlyId(new URLSearchParams(target.slice(7)).get("v") ?? undefined) : undefined;
}

function onlyId(candidate: string | undefined): string | undefined {
  return candidate !== undefined && VIDEO_ID.test(candidate) ? candidate : undefined;
}

function shorten(text: string): string {
  return text.length > 100 ? `${storableText(text, 100)}…` : text;
}
