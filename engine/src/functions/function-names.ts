/** The functions of Baton, without the prefix of their group. `worker` stands for that of each queue. */
export const FUNCTION_NAMES = ["api", "worker", "wake", "notify", "deliver", "bury", "sweep"] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];
