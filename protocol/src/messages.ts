import { z } from "zod";
import { JobId } from "./jobs.ts";

/** Attributes of a message on the topic of a queue. The message has the id only: Firestore is the truth. */
export const JobMessage = z.object({
  jobId: JobId,
  /** W3C trace context of the submission. */
  traceparent: z.string().optional(),
});
export type JobMessage = z.infer<typeof JobMessage>;

/** Attributes of a message on the topic for wake-ups: a waiting job, and the instant it waits for. */
export const WakeMessage = z.object({ jobId: JobId, at: z.iso.datetime() });
export type WakeMessage = z.infer<typeof WakeMessage>;

/** Attributes of a message on the topic for deliveries, which names one document to continue with. */
export const DeliveryMessage = z.union([
  /** A final job whose webhooks may not exist yet. */
  z.object({ jobId: JobId }),
  /** A delivery whose next attempt is due. */
  z.object({ deliveryId: z.string().regex(/^msg_[0-9a-f]{32}$/) }),
  /** A recovery with further pages. */
  z.object({ recoveryId: z.string().regex(/^[A-Za-z0-9]{20}$/) }),
  /** A disabled or deleted endpoint, whose deliveries are to be held or cancelled. */
  z.object({ endpointId: z.string().regex(/^[A-Za-z0-9]{20}$/) }),
  /** A notice whose e-mail may not be sent yet. */
  z.object({ noticeId: z.string().regex(/^[A-Za-z0-9]+-(failing|disabled|recovered)(-[0-9]+){1,2}$/) }),
]);
export type DeliveryMessage = z.infer<typeof DeliveryMessage>;
