/** An input that a submission is refused with, and what the refusal says of the place and the reason. */
export type RefusedInput = readonly [what: string, input: unknown, message: RegExp];

/** An input of the right shape whose job fails for good, and the error of the job. */
export type FailedInput<Input> = readonly [what: string, input: Input, code: string, message: RegExp];
