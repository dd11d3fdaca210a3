import { onMessagePublished } from "firebase-functions/v2/pubsub";
import { jobReport } from "./job-report.ts";

const report = jobReport();

/** A function of the team's own, in a codebase of its own, that is called with each event. */
export const countJobs = onMessagePublished({ topic: "baton-events", region: "europe-west1", retry: true }, (event) => {
  report.take({ data: event.data.message.data });
});
