import type { PostOutcome } from "../rules/delivery.ts";

/**
 * Judges whether a webhook may be sent to a URL, before any connection is made. `message` is for the tenant: it says
 * what to change and names no internal address.
 */
export interface UrlGuard {
  judge(url: string): { outcome: "allowed" } | { outcome: "refused"; message: string };
}

/**
 * Judges whether a webhook may be sent to an IP address in canonical notation, without brackets. Any other text is
 * refused. The port matters only for addresses of this machine.
 */
export type AddressJudge = (address: string, port?: number) => "allowed" | "refused";

/** Sends one webhook request: follows no redirect, decodes nothing, within one total deadline. */
export interface WebhookTransport {
  /** Never rejects: every failure is an outcome. */
  post(request: { url: string; headers: Record<string, string>; body: string }): Promise<PostOutcome>;
}
