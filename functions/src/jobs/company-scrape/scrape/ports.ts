import type { GuardedGet } from "@baton/engine/egress";
import type { HostTurns } from "../../../web-pages/fetch/host-turns.ts";
import type { EdgarConfig, ReadFacts } from "../filings/edgar.ts";
import type { ProfileCache } from "../profile/profile-cache.ts";
import type { SiteTurns } from "../turns/site-turns.ts";
import type { ReadDocument } from "./visit-pages.ts";

/** The ports of a scrape. */
export interface ScrapePorts {
  get: GuardedGet;
  /** Keeps the requests of all jobs to one host apart. */
  turns: HostTurns;
  /** Has the jobs of one site read it one after the other. */
  sites: SiteTurns;
  profiles: ProfileCache;
  userAgent: string;
  edgar: EdgarConfig;
  now(): Date;
  /** Deadline of one request in milliseconds. */
  requestMs: number;
  /** Milliseconds of one stage, after which it visits no further page. */
  stageMs: number;
}

/** The reading functions, which run in a process of their own. */
export interface Readers {
  readDocument: ReadDocument;
  readFacts: ReadFacts;
}
