/** Handles an event; here it only prints it. After a rejection it is called again, so it must be harmless to repeat. */
export async function work({ type, data }: { type: string; data: Record<string, unknown> }): Promise<void> {
  switch (type) {
    case "job.completed":
      // A large output is not in the webhook: it is at data.resultUrl.
      return console.log(`${data.jobId} completed:`, JSON.stringify(data.output ?? data.resultUrl));
    case "job.failed":
      return console.log(`${data.jobId} failed:`, JSON.stringify(data.error));
    case "job.cancelled":
      return console.log(`${data.jobId} was cancelled`);
    default:
      // Later versions may send more. A type that is not known is not an error.
      return console.log(`${type}: ${data.message ?? "nothing to do"}`);
  }
}
