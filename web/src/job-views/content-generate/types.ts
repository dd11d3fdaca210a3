import type { ContentInput } from "../../../../functions/src/jobs/content-generate/schemas.ts";

// The one file of this view that names the deployment's code: types only, so that no schema is in the page.
export type { ContentFormat, ContentOutput } from "../../../../functions/src/jobs/content-generate/schemas.ts";

/** The input of `content.generate` as a submission gives it: fields with a default may be absent. */
export type ContentRequest = (typeof ContentInput)["_input"];
