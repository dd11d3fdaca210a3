/** The key, in `Pace`, of what an owner asks to be sent: test events, resends and recoveries. No endpoint's id is like it. */
export function sendPaceKey(owner: string): string {
  return `sends ${owner}`;
}
