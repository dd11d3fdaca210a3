import { defineJob, PermanentError, RetryAfterError } from "@baton/engine";
import { z } from "zod";

const Book = z.object({ title: z.string() });

/** `request` is an argument so that a test can give another one. */
export function bookTitle(request: typeof fetch = fetch) {
  return defineJob({
    type: "book.title",
    input: z.strictObject({ isbn: z.string().regex(/^\d{13}$/) }),
    output: Book,
    retry: { maxAttempts: 4, minDelayMs: 5_000, maxDelayMs: 300_000 },
    timeoutMs: 60_000,
    async run({ signal }, { isbn }) {
      const response = await request(`https://catalogue.example/books/${isbn}`, { signal });
      if (response.status === 404) {
        throw new PermanentError("no-such-book", `The catalogue has no book ${isbn}.`);
      }
      if (response.status === 429) {
        const afterMs = 1000 * Number(response.headers.get("retry-after") ?? 60);
        throw new RetryAfterError("catalogue-busy", "The catalogue asked for a pause.", { afterMs });
      }
      if (!response.ok) throw new Error(`the catalogue answered ${response.status}`);
      return Book.parse(await response.json());
    },
  });
}
