import { z } from "zod";

/** A file of a job, as outputs name it. */
export const StoredFile = z.object({
  fileId: z.string(),
  name: z.string(),
  bytes: z.int().min(0),
  contentType: z.string(),
  sha256: z.string(),
});
