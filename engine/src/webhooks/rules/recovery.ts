/**
 * A recovery of an endpoint: the document `batonRecoveries/{recoveryId}`. It goes through the endpoint's deliveries
 * created from `since` to `until`, the oldest first, and sends the failed, held and cancelled ones again.
 */
export interface Recovery {
  /** 20 random letters and digits. */
  recoveryId: string;
  owner: string;
  endpointId: string;
  since: Date;
  until: Date;
  state: "running" | "complete";
  /** Deliveries checked, and those of them that are sent again. */
  seen: number;
  resent: number;
  /** The last delivery that was checked: the next page begins after it. */
  cursor?: { createdAt: Date; deliveryId: string };
  /** When the next slot for a resend is free. */
  nextSlotAt: Date;
  /** Present while running. */
  dueAt?: Date;
  shard: number;
  createdAt: Date;
  updatedAt: Date;
  expireAt: Date;
}
