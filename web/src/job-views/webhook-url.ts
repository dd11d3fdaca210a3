/**
 * Describes the mistake in a webhook's address; undefined for a good one and for none. Only the API knows which hosts
 * it may call.
 */
export function webhookUrlFault(text: string): string | undefined {
  const url = text.trim();
  return url === "" || isWebAddress(url) ? undefined : "Give a whole address, such as https://example.com/webhooks.";
}

function isWebAddress(text: string): boolean {
  try {
    // Not `URL.canParse`: browsers in use do not have it.
    return /^https?:\/\//i.test(text) && new URL(text).hostname !== "";
  } catch {
    return false;
  }
}
