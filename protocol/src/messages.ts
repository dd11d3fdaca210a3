import { z } from "zod";
import { JobId } from "./jobs.ts";

/** Attributes of a message on a `jobs-<queue>` topic. It carries the id only: Firestore is the truth. */
export const JobMessage = z.object({
  jobId: JobId,
  /** W3C trace context of the submission. */
  traceparent: z.string().optional(),
});
export type JobMessage = z.infer<typeof JobMessage>;

/** Attributes of a message on `jobs-wake`: which job waits, and until when. */
export const WakeMessage = z.object({ jobId: JobId, at: z.iso.datetime() });
export type WakeMessage = z.infer<typeof WakeMessage>;

/** Attributes of a message on `webhook-deliveries`: what is to be sent, or gone on with. */
export const DeliveryMessage = z.union([
  /** A job that ended, of which nobody may have been told. */
  z.object({ jobId: JobId }),
  /** A delivery whose next attempt is due. */
  z.object({ deliveryId: z.string().regex(/^msg_[0-9a-f]{32}$/) }),
  /** A recovery that has further to go. */
  z.object({ recoveryId: z.string().regex(/^[A-Za-z0-9]{20}$/) }),
  /** An endpoint that was disabled or deleted, whose deliveries are to be held or cancelled. */
  z.object({ endpointId: z.string().regex(/^[A-Za-z0-9]{20}$/) }),
  /** A notice that its owner may not have been told of. */
  z.object({ noticeId: z.string().regex(/^[A-Za-z0-9]+-(failing|disabled|recovered)(-[0-9]+){1,2}$/) }),
]);
export type DeliveryMessage = z.infer<typeof DeliveryMessage>;
