import { z } from "zod";

/** Id of a file: 20 random letters and digits. */
export const FileId = z.string().regex(/^[A-Za-z0-9]{20}$/, "a file id is 20 letters or digits");

/** Name of a file: it is the end of a path, of a URL and of a download, so it has no blank, no slash and no dot at its beginning. */
export const FileName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/, "must be 1 to 200 letters, digits, and any of _ - . (not . at first)");

/** Media type of a file, as in the header `Content-Type`. */
export const ContentType = z
  .string()
  .max(200)
  .regex(/^[\w.+-]+\/[\w.+-]+( ?; ?[\w-]+=[\w.+-]+)*$/, "must be a media type, such as text/csv");

/** Stored facts of a file. */
export const FileInfo = z.object({
  fileId: FileId,
  name: FileName,
  contentType: ContentType,
  /** Its size. */
  bytes: z.int().min(0),
  /** SHA-256 of its bytes, 64 hexadecimal digits. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type FileInfo = z.infer<typeof FileInfo>;

/** Names a file of the owner within the input of a job: one that was uploaded, or that another job wrote. */
export const FileRef = z.object({ fileId: FileId });
export type FileRef = z.infer<typeof FileRef>;

/** A file of a job as the API gives it. */
export const FileView = FileInfo.extend({ createdAt: z.iso.datetime() });
export type FileView = z.infer<typeof FileView>;

/** Answer of `GET /v1/jobs/{jobId}/files`, by name. */
export const FileList = z.object({ files: z.array(FileView) });
export type FileList = z.infer<typeof FileList>;

/** Answer of `GET /v1/jobs/{jobId}/files/{name}` as JSON: `url` gives the bytes without a token, until `expiresAt`. */
export const FileAddress = z.object({ url: z.url(), expiresAt: z.iso.datetime() });
export type FileAddress = z.infer<typeof FileAddress>;

/** Body of `POST /v1/files`. */
export const UploadRequest = z.strictObject({
  name: FileName,
  contentType: ContentType,
  /** Its exact size; at most `maxFileBytes` of the owner's tier. */
  bytes: z.int().min(1),
});
export type UploadRequest = z.infer<typeof UploadRequest>;

/** Answer of `POST /v1/files`: send the bytes by one `PUT` to `url`, with exactly these headers, before `expiresAt`. */
export const UploadView = z.object({
  fileId: FileId,
  url: z.url(),
  headers: z.record(z.string(), z.string()),
  expiresAt: z.iso.datetime(),
});
export type UploadView = z.infer<typeof UploadView>;
