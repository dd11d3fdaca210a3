import { isIP, type LookupFunction } from "node:net";
import type { DeliveryFailure } from "../rules/delivery.ts";
import type { AddressJudge } from "./ports.ts";

/**
 * How long one of several addresses of a name is tried. Node's 250 ms are too short for far servers:
 * https://github.com/nodejs/node/issues/54359
 */
export const ADDRESS_TRY_MS = 2500;

/** Why a request has no answer: the judge refused an address of the host, or what failed on the way. */
export type DialFailure = Exclude<DeliveryFailure, "internal">;

/** Gives the port that a URL is dialled at. */
export function portOf({ port, protocol }: URL): number {
  const standard = protocol === "https:" ? 443 : 80;
  return port === "" ? standard : Number(port);
}

/** True for a host that is an IP literal which the judge refuses: no lookup happens for a literal. */
export function isRefusedLiteral(hostname: string, judgeAddress: AddressJudge): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  return isIP(host) !== 0 && judgeAddress(host) === "refused";
}

/** A lookup for one request. */
export interface JudgedLookup {
  lookup: LookupFunction;
  /** Why the lookup gave no address, when it gave none. */
  failure(): DialFailure | undefined;
}

/** Builds a lookup that gives addresses only if every one of them is allowed, and remembers why it gave none. */
export function judgedLookup(
  resolve: (hostname: string) => Promise<string[]>,
  judgeAddress: AddressJudge,
): JudgedLookup {
  let failure: DialFailure | undefined;
  const lookup: LookupFunction = (hostname, options, callback) => {
    // The failure if the deadline passes first.
    failure = "dns";
    resolve(hostname).then(
      (addresses) => {
        const refused = addresses.some((address) => judgeAddress(address) === "refused");
        failure = refused ? "blocked_destination" : undefined;
        if (refused) callback(new Error("a refused address"), []);
        else answerLookup(options.all, addresses, callback);
      },
      (error) => callback(error, []),
    );
  };
  return { lookup, failure: () => failure };
}

function answerLookup(isAll: boolean | undefined, addresses: string[], callback: Parameters<LookupFunction>[2]): void {
  const [first = ""] = addresses;
  if (isAll)
    callback(
      null,
      addresses.map((address) => ({ address, family: isIP(address) })),
    );
  else callback(null, first, isIP(first));
}

const TLS_CODES = /CERT|^ERR_TLS|^ERR_SSL|^ERR_OSSL|^EPROTO$|^UNABLE_TO_|^SELF_SIGNED|^HOSTNAME_MISMATCH$/;

/** Classifies an error of Node by its code. */
export function failureOf(error: unknown): DialFailure {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "ETIMEDOUT") return "timeout";
  if (TLS_CODES.test(code)) return "tls";
  return /^E[A-Z]+$/.test(code) ? "connect" : "protocol";
}
