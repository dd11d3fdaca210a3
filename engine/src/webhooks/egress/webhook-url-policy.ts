import type { WebhookUrlPolicy } from "../../jobs/ports.ts";
import type { UrlGuard } from "./ports.ts";

/**
 * Allows the URLs that `guard` allows, where the deployment has a secret to sign with: a webhook is never sent
 * unsigned.
 */
export function webhookUrlPolicy(guard: UrlGuard, canSign: boolean): WebhookUrlPolicy {
  return {
    refusalOf(url) {
      const verdict = guard.judge(url);
      if (verdict.outcome === "refused") return verdict.message;
      return canSign ? undefined : UNSIGNED;
    },
  };
}

const UNSIGNED =
  "This deployment has no secret to sign the webhooks of jobs with (WEBHOOK_MASTER_SECRET). " +
  "Leave webhookUrl out, and create an endpoint instead: POST /v1/endpoints.";
