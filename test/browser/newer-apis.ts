// Members that a browser of the README's list lacks. Each line must stay an error of `tsc -p tsconfig.browser.json`:
// one that is none says that this check has lost its libraries of 2023.

// @ts-expect-error Safari 17
export const size = new URLSearchParams().size;
// @ts-expect-error Chrome 116
export const any = AbortSignal.any([]);
// @ts-expect-error Chrome 120
export const canParse = URL.canParse("");
// @ts-expect-error Firefox 115, Safari 17
export const json = Response.json({});
// @ts-expect-error Chrome 119
export const resolvers = Promise.withResolvers<number>();
// @ts-expect-error Chrome 128
export const attempt = Promise.try(() => 1);
// @ts-expect-error Chrome 121
export const list = Array.fromAsync([1]);
// @ts-expect-error Chrome 122
export const union = new Set([1]).union(new Set([2]));
// @ts-expect-error Chrome 122
export const mapped = new Set([1]).values().map(String);
// @ts-expect-error Chrome 117
export const groups = Object.groupBy([1], () => "all");
// @ts-expect-error Safari 16.4, but Firefox 119
export const whole = "text".isWellFormed();
// @ts-expect-error Chrome 140
export const base64 = new Uint8Array().toBase64();
// @ts-expect-error Chrome 112
export const classes = /[a-z--b]/v;
