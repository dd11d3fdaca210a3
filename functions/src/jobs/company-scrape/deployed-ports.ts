import { deployedGet } from "@baton/engine/egress";
import { log } from "@baton/engine/kit";
import { Firestore } from "@google-cloud/firestore";
import { firestoreHostTurns } from "../../web-pages/fetch/firestore-host-turns.ts";
import { userAgentOf } from "../../web-pages/robot.ts";
import { firestoreProfileCache } from "./profile/firestore-profile-cache.ts";
import type { ScrapePorts } from "./scrape/ports.ts";
import type { ScrapeSettings } from "./settings.ts";
import { firestoreSiteTurns } from "./turns/firestore-site-turns.ts";

const REQUEST_MS = 20_000;
/** Some pages of 20 s each fit, and the stage fits into an invocation of the worker. */
const STAGE_MS = 90_000;

let made: { settings: ScrapeSettings; ports: ScrapePorts } | undefined;

/** The ports of this process's scrapes. Made at the first call: the turns of hosts are shared by all its jobs. */
export function deployedPorts(settings: ScrapeSettings): ScrapePorts {
  if (made?.settings !== settings) made = { settings, ports: portsOf(settings) };
  return made.ports;
}

function portsOf(settings: ScrapeSettings): ScrapePorts {
  const database = new Firestore();
  const userAgent = userAgentOf(settings);
  const contact = settings.SEC_CONTACT_EMAIL === "" ? "" : ` ${settings.SEC_CONTACT_EMAIL}`;
  return {
    get: deployedGet(settings),
    turns: firestoreHostTurns(database),
    sites: firestoreSiteTurns(database, log, () => new Date()),
    profiles: firestoreProfileCache(database, log),
    userAgent,
    edgar: {
      filesBaseUrl: settings.SEC_FILES_BASE_URL,
      dataBaseUrl: settings.SEC_DATA_BASE_URL,
      userAgent: `${userAgent}${contact}`,
    },
    now: () => new Date(),
    requestMs: REQUEST_MS,
    stageMs: STAGE_MS,
  };
}
