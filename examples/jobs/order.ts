import { defineJob } from "@baton/engine";
import { z } from "zod";

/** The services that an order needs. */
export interface Shop {
  reserve(item: string, signal: AbortSignal): Promise<{ reservationId: string }>;
  release(reservationId: string): Promise<void>;
  writeInvoice(item: string, cents: number, signal: AbortSignal): Promise<{ url: string }>;
  /** A second call with the same key charges nothing, and answers as the first one did. */
  charge(cents: number, key: string): Promise<{ chargeId: string }>;
  /** Does nothing when the charge was given back before. */
  refund(chargeId: string): Promise<void>;
}

const Reservation = z.object({ reservationId: z.string() });
const Charge = z.object({ chargeId: z.string() });
const Stock = z.object({ sold: z.int() });

export function order(shop: Shop) {
  return defineJob({
    type: "order",
    input: z.strictObject({ item: z.string().regex(/^[a-z-]{1,50}$/), cents: z.int().positive() }),
    output: z.object({ chargeId: z.string(), invoice: z.url() }),

    async run({ jobId, step, commit }, { item, cents }) {
      const [, invoice] = await Promise.all([
        step("reserve", ({ signal }) => shop.reserve(item, signal)),
        step("write invoice", ({ signal }) => shop.writeInvoice(item, cents, signal), {
          retry: { maxAttempts: 3 },
          timeoutMs: 20_000,
        }),
      ]);
      const { chargeId } = await step("charge", () => shop.charge(cents, `${jobId}-charge`), {
        output: Charge,
        progress: 0.8,
      });
      await commit("book", async (tx) => {
        const stock = Stock.parse((await tx.get(`stock/${item}`)) ?? { sold: 0 });
        tx.set(`stock/${item}`, { sold: stock.sold + 1 });
        tx.create(`orders/${jobId}`, { item, cents, chargeId });
      });
      return { chargeId, invoice: invoice.url };
    },

    async onCancel({ stepOutput }) {
      const [reserved, charged] = [await stepOutput("reserve"), await stepOutput("charge")];
      if (reserved !== undefined) await shop.release(Reservation.parse(reserved).reservationId);
      if (charged !== undefined) await shop.refund(Charge.parse(charged).chargeId);
    },
  });
}
