import { z } from "zod";
import { JsonText } from "../kit/settings.ts";
import type { Access } from "./access.ts";
import { ClaimObject } from "./claim-setting.ts";

const Provider = z
  .string()
  .regex(/^[\w.-]{1,128}$/, "is no sign-in provider, such as google.com")
  .refine((provider) => provider !== "anonymous", 'is not listed here: say "anonymous": true');

/** https://cloud.google.com/identity-platform/docs/multi-tenancy-managing-tenants */
const TenantId = z.string().regex(/^[a-zA-Z0-9-]{1,128}$/, "is no id of a tenant");

/** Who may use the API, as JSON; what it leaves out is as in `DEFAULT_ACCESS`. */
export const AccessJson = JsonText.pipe(
  z.strictObject({
    anonymous: z.boolean().default(false),
    providers: z.array(Provider).min(1).exactOptional(),
    verifiedEmail: z.boolean().default(false),
    claim: ClaimObject.exactOptional(),
    tenants: z.array(TenantId).default([]),
  }),
).transform((access): Access => access);
