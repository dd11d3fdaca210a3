/**
 * An address of an object in an emulator, of the form that a signed URL has. An emulator checks no signature: it has no
 * key, and neither has a developer's machine.
 */
export function emulatorUrl(
  { emulator, bucket }: { emulator: string; bucket: string },
  object: string,
  expiresAt: Date,
  disposition?: string,
): string {
  const now = new Date();
  const query = new URLSearchParams({
    "X-Goog-Date": now.toISOString().replace(/[-:]|\.\d+/g, ""),
    "X-Goog-Expires": String(Math.ceil((expiresAt.getTime() - now.getTime()) / 1000)),
    ...(disposition !== undefined && { "response-content-disposition": disposition }),
    "X-Goog-Signature": "none",
  });
  return `${emulator}/${bucket}/${object.split("/").map(encodeURIComponent).join("/")}?${query}`;
}
