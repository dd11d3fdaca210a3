import type { JobContext } from "@baton/engine";
import { deployedVoice } from "../../content/voice.ts";
import type { LanguageModel } from "../../google/language-model.ts";
import type { SpeechSynthesizer } from "../../media/speech/speech-synthesizer.ts";
import type { HostTurns } from "../../web-pages/fetch/host-turns.ts";
import type { SiteClient } from "../../web-pages/fetch/site-client.ts";
import { userAgentOf } from "../../web-pages/robot.ts";
import type { ContentCompute } from "./compute.ts";
import type { ContentSettings } from "./settings.ts";

/** The outside services that a job uses. */
export interface ContentPorts {
  /** Writes the script; absent: it is composed of the sources' sentences. */
  writer?: LanguageModel;
  /** Speaks the narration. */
  voice: SpeechSynthesizer;
  /**
   * Opens what fetches the pages of `sourceUrls`: through the address guard, as `robots.txt` allows, one request a host
   * at a time.
   */
  openSite(): Promise<SiteClient>;
}

const MODEL_TIMEOUT_MS = 90_000;
const PAGE_TIMEOUT_MS = 20_000;

/** Of this process: the connection to Firestore opens with the first page that is fetched. */
let turns: HostTurns | undefined;

/**
 * The services that a deployment's settings name; eSpeak NG, in a compute process, where there is no key for another
 * voice.
 */
export async function contentPorts(
  settings: ContentSettings,
  compute: JobContext<ContentCompute>["compute"],
): Promise<ContentPorts> {
  const voice = await deployedVoice(settings, (request, options) => compute("speak", request, options));
  return { ...(await writerOf(settings)), voice, openSite: () => openSite(settings) };
}

async function openSite(settings: ContentSettings): Promise<SiteClient> {
  const [{ deployedGet }, { Firestore }, { firestoreHostTurns }, { siteClient }] = await Promise.all([
    import("@baton/engine/egress"),
    import("@google-cloud/firestore"),
    import("../../web-pages/fetch/firestore-host-turns.ts"),
    import("../../web-pages/fetch/site-client.ts"),
  ]);
  turns ??= firestoreHostTurns(new Firestore());
  return siteClient({
    get: deployedGet(settings),
    turns,
    userAgent: userAgentOf(settings),
    deadlineMs: PAGE_TIMEOUT_MS,
  });
}

async function writerOf({
  GEMINI_API_KEY: apiKey,
  GEMINI_API_BASE_URL: baseUrl,
  GEMINI_MODEL: model,
}: ContentSettings) {
  if (apiKey === undefined) return {};
  const { gemini } = await import("../../google/gemini.ts");
  return { writer: gemini({ name: "The language model", baseUrl, apiKey, timeoutMs: MODEL_TIMEOUT_MS }, model) };
}
