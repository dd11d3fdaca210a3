import { z } from "zod";

/**
 * A key of a service; `none`, or nothing, stands for a deployment that does not use it. A secret has to have some
 * value.
 */
export const ApiKey = z
  .string()
  .default("none")
  .transform((key) => (["", "none"].includes(key.trim()) ? undefined : key.trim()));
