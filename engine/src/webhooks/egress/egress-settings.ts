import { z } from "zod";
import { BaseUrl } from "../../kit/settings.ts";

/** A host, in which `*` stands for a part of one label. */
export const Host = z.string().regex(/^[a-z0-9*-]+(\.[a-z0-9*-]+)+(:\d{1,5})?$/, "is not a host");

/** Hosts, separated by commas. */
const HostList = z
  .string()
  .transform((text) => text.split(",").map((host) => host.trim().toLowerCase()))
  .transform((hosts) => hosts.filter((host) => host !== ""))
  .pipe(z.array(Host));

/** The settings of every request to a host that a user chose, by their names in the environment. */
export const EgressSettings = z.object({
  GCLOUD_PROJECT: z.string().min(1),
  /** Base URL of the deployed API, for links in webhooks. Default: the fixed address Firebase gives the function. */
  PUBLIC_API_URL: BaseUrl.optional(),
  /** Hosts of the deployment, besides those it knows, that no webhook may go to: `api-*-uc.a.run.app,api.example.com`. */
  WEBHOOK_OWN_HOSTS: HostList.default([]),
  /** `true` in the local cloud only: webhooks may go to loopback, over http. */
  WEBHOOK_ALLOW_LOOPBACK: z.enum(["true", "false"]).default("false"),
  /** The local cloud only: the ports of this machine that webhooks may go to, `5002,9000`. Absent: all of them. */
  WEBHOOK_LOOPBACK_PORTS: z
    .string()
    .regex(/^\d{1,5}(,\d{1,5})*$/, "is not a list of ports")
    .transform((text) => text.split(",").map(Number))
    .optional(),
});
export type EgressSettings = z.infer<typeof EgressSettings>;
