import assert from "node:assert/strict";
import { urlGuard } from "../../../engine/src/webhooks/egress/url-guard.ts";

const BAD_HOST =
  "The host of a webhook URL is not valid. A host name has parts of 1 to 63 letters, digits, hyphens or underscores, " +
  "no hyphen at either end of a part, a last part that is not a number, and 253 characters at most.";
const label = (length: number) => "a".repeat(length);
const LONGEST = [label(63), label(63), label(63), label(57), "com"].join(".");

const REFUSED: Record<string, string> = {
  "an empty label": "hooks..example.com",
  "a label before which there is none": ".example.com",
  "two dots at its end": "example.com..",
  "a label of 64 characters": `${label(64)}.example.com`,
  "254 characters": `a${LONGEST}`,
  "a label that begins with a hyphen": "-hooks.example.com",
  "a label that ends with a hyphen": "hooks-.example.com",
  "a last label that begins with a hyphen": "example.-com",
  "a last label that is a number": "hooks.example.123",
  "a last label that is a hexadecimal number": "hooks.example.0x1",
  "a character no name has": "ho(oks).example.com",
  "an asterisk": "*.example.com",
  "a label that is too long once written in ASCII": `${"ü".repeat(60)}.example.com`,
  "a percent sign": "ex%25ample.com",
};

const ALLOWED: Record<string, string> = {
  "labels of 63 characters, 253 in all": LONGEST,
  "one dot at its end": "hooks.example.com.",
  "253 characters and one dot at its end": `${LONGEST}.`,
  "an underscore": "my_hooks.example.com",
  "hyphens within": "r3---sn.example.com",
  "letters outside ASCII": "bücher.example",
  punycode: "xn--bcher-kva.example",
  "capital letters": "HOOKS.Example.COM",
  "digits first": "4.hooks.example.com",
};

describe("the host name of a webhook URL", () => {
  for (const allowLoopback of [false, true]) {
    const guard = urlGuard({ allowLoopback, ownHosts: [] });
    const where = allowLoopback ? "in the local cloud" : "in production";
    for (const [what, host] of Object.entries(REFUSED)) {
      it(`is refused ${where}: ${what}`, () => {
        assert.deepEqual(guard.judge(`https://${host}/hook`), { outcome: "refused", message: BAD_HOST });
      });
    }
    for (const [what, host] of Object.entries(ALLOWED)) {
      it(`is allowed ${where}: ${what}`, () => {
        assert.deepEqual(guard.judge(`https://${host}/hook`), { outcome: "allowed" });
      });
    }
  }
});
