import { EgressSettings } from "@baton/engine/egress";
import { BaseUrl } from "@baton/engine/kit";
import { z } from "zod";
import { ScrapeSettings } from "../company-scrape/settings.ts";

/**
 * A key of a service; `none`, or nothing, stands for a deployment that does not use it. A secret has to have some
 * value.
 */
const ApiKey = z
  .string()
  .default("none")
  .transform((key) => (["", "none"].includes(key.trim()) ? undefined : key.trim()));

/** The settings of `content.generate`, by their names in the environment. */
export const ContentSettings = EgressSettings.extend({
  /** As for `company.scrape`: pages are fetched by the same robot. */
  SCRAPE_CONTACT_URL: ScrapeSettings.shape.SCRAPE_CONTACT_URL,
  /** With a key a language model writes the scripts; without, they are composed of the sources' own sentences. */
  GEMINI_API_KEY: ApiKey,
  GEMINI_API_BASE_URL: BaseUrl.default("https://generativelanguage.googleapis.com"),
  /** A model of the Gemini API that answers by a JSON schema. */
  GEMINI_MODEL: z
    .string()
    .regex(/^[a-z0-9.-]+$/)
    .default("gemini-2.5-flash"),
  /** With a key Google Cloud Text-to-Speech speaks; without, eSpeak NG does. */
  TEXT_TO_SPEECH_API_KEY: ApiKey,
  TEXT_TO_SPEECH_API_BASE_URL: BaseUrl.default("https://texttospeech.googleapis.com"),
});
export type ContentSettings = z.infer<typeof ContentSettings>;
