import { BaseUrl } from "@baton/engine/kit";
import { z } from "zod";
import { ApiKey } from "../../content/api-key.ts";
import { VoiceSettings } from "../../content/voice.ts";
import { RobotSettings } from "../../web-pages/robot.ts";

/** The settings of `content.generate`, by their names in the environment. Pages are fetched by the same robot as those of a scrape. */
export const ContentSettings = RobotSettings.extend({
  ...VoiceSettings.shape,
  /** With a key a language model writes the scripts; without, they are composed of the sources' own sentences. */
  GEMINI_API_KEY: ApiKey,
  GEMINI_API_BASE_URL: BaseUrl.default("https://generativelanguage.googleapis.com"),
  /** A model of the Gemini API that answers by a JSON schema. */
  GEMINI_MODEL: z
    .string()
    .regex(/^[a-z0-9.-]+$/)
    .default("gemini-2.5-flash"),
});
export type ContentSettings = z.infer<typeof ContentSettings>;
