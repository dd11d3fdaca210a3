const MASK = "***";

/** Headers of a request as they are kept: without the signatures, of which only the kind remains, and without the values of custom headers. */
export function maskHeaders(
  headers: Readonly<Record<string, string>>,
  customNames: readonly string[],
): Record<string, string> {
  const masked = Object.entries(headers).map(([name, value]) => {
    if (name === "webhook-signature") return [name, value.replace(/,[^ ]*/g, `,${MASK}`)];
    return [name, customNames.includes(name) ? MASK : value];
  });
  return Object.fromEntries(masked);
}
