/**
 * A wish to send again what an endpoint missed: the document `recoveries/{recoveryId}`. It goes through the endpoint's
 * deliveries created from `since` to `until`, the oldest first, and asks for those that were not delivered again:
 * failed, held and cancelled ones.
 */
export interface Recovery {
  /** 20 random letters and digits. */
  recoveryId: string;
  owner: string;
  endpointId: string;
  since: Date;
  until: Date;
  state: "running" | "done";
  /** Deliveries looked at, and those of them that are sent again. */
  seen: number;
  resent: number;
  /** Where to go on: the last delivery looked at. */
  cursor?: { createdAt: Date; deliveryId: string };
  /** When the next of them may be sent: recoveries are paced. */
  nextSlotAt: Date;
  /** Present while running. */
  dueAt?: Date;
  shard: number;
  createdAt: Date;
  updatedAt: Date;
  expireAt: Date;
}
