import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { type Log, MAX_PAYLOAD_BYTES } from "@baton/engine/kit";
import { type Firestore, Timestamp } from "@google-cloud/firestore";
import { z } from "zod";
import { COLLECTIONS } from "../../collections.ts";
import type { VideoCache } from "./video-cache.ts";

/** A larger video costs more to pack than to fetch again; 5,000 comments are half a megabyte, as a rule. */
const MAX_UNPACKED_BYTES = 8 * 2 ** 20;

const Material = z.object({
  facts: z.object({
    title: z.string().exactOptional(),
    channel: z.string().exactOptional(),
    publishedAt: z.string().exactOptional(),
    commentCount: z.int().exactOptional(),
  }),
  comments: z.array(
    z.object({ text: z.string(), publishedAt: z.string().exactOptional(), likes: z.int().exactOptional() }),
  ),
});

/**
 * The document `youtubeVideos/{id}`. `material` is JSON in gzip. It names no owner, and holds only what is public on
 * YouTube.
 */
const StoredVideo = z.object({
  material: z.instanceof(Uint8Array),
  maxComments: z.int(),
  fetchedAt: z.instanceof(Timestamp).transform((at) => at.toDate()),
});

const [pack, unpack] = [promisify(gzip), promisify(gunzip)];

/**
 * Keeps videos in Firestore, which deletes them by its TTL policy `freshMs` after their fetch. What fails is logged,
 * and the video is fetched again.
 */
export function firestoreVideoCache(db: Firestore, freshMs: number, log: Log): VideoCache {
  const videos = db.collection(COLLECTIONS.youtubeVideos);
  return {
    async read(id) {
      try {
        const document = await videos.doc(id).get();
        if (!document.exists) return undefined;
        const { material, ...kept } = StoredVideo.parse(document.data());
        const json = await unpack(material, { maxOutputLength: MAX_UNPACKED_BYTES });
        return { ...kept, ...Material.parse(JSON.parse(json.toString())) };
      } catch (error) {
        log.warn("A kept video could not be read; it is fetched again.", {
          event: "video.not-read",
          videoId: id,
          error,
        });
        return undefined;
      }
    },
    async keep(id, { facts, comments, maxComments, fetchedAt }) {
      try {
        const characters = comments.reduce((sum, { text }) => sum + text.length, 0);
        if (characters > MAX_UNPACKED_BYTES) return;
        const json = Buffer.from(JSON.stringify({ facts, comments }));
        if (json.length > MAX_UNPACKED_BYTES) return;
        const material = await pack(json);
        if (material.length > MAX_PAYLOAD_BYTES) return;
        const expireAt = Timestamp.fromMillis(fetchedAt.getTime() + freshMs);
        await videos.doc(id).set({ material, maxComments, fetchedAt: Timestamp.fromDate(fetchedAt), expireAt });
      } catch (error) {
        log.warn("A fetched video was not kept; the next job fetches it again.", {
          event: "video.not-kept",
          videoId: id,
          error,
        });
      }
    },
  };
}
