import { generate } from "selfsigned";

/** A key and its certificate, in PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

/** A certificate authority of one test; untrusted until the test trusts it. */
export function makeAuthority(): Promise<Certificate> {
  return make("Test authority", {
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true },
    ],
  });
}

/** A server's certificate for `host`, by `authority`, or self-signed; `validUntil` may be past. */
export function makeCertificate(
  host: string,
  options: { authority?: Certificate; validUntil?: Date } = {},
): Promise<Certificate> {
  const { authority, validUntil } = options;
  return make(host, {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: host }] }],
    ...(authority && { ca: authority }),
    ...(validUntil && { notBeforeDate: new Date("2020-01-01T00:00:00.000Z"), notAfterDate: validUntil }),
  });
}

async function make(commonName: string, options: Parameters<typeof generate>[1]): Promise<Certificate> {
  const made = await generate([{ name: "commonName", value: commonName }], {
    keyType: "ec",
    algorithm: "sha256",
    ...options,
  });
  return { key: made.private, cert: made.cert };
}
