import { defineJob } from "@baton/engine";
import { BaseUrl } from "@baton/engine/kit";
import { z } from "zod";

const Rate = z.object({ rate: z.number().positive() });

/** `request` is an argument so that a test can give another one. */
export function exchangeRate(request: typeof fetch = fetch) {
  return defineJob({
    type: "exchange.rate",
    input: z.strictObject({ currency: z.string().regex(/^[A-Z]{3}$/) }),
    output: Rate,
    settings: z.object({
      RATES_API_URL: BaseUrl.default("https://rates.example/v1"),
      RATES_API_KEY: z.string(),
    }),
    secrets: ["RATES_API_KEY"],
    async run({ settings, signal }, { currency }) {
      const headers = { authorization: `Bearer ${settings.RATES_API_KEY}` };
      const response = await request(`${settings.RATES_API_URL}/rates/${currency}`, { headers, signal });
      if (!response.ok) throw new Error(`the service answered ${response.status}`);
      return Rate.parse(await response.json());
    },
  });
}
