import assert from "node:assert/strict";
import { hiddenAddress } from "../../../../local/doors/hidden-address.ts";
import { reservePort } from "../../../../local/doors/reserve-port.ts";
import { freePort, HOST } from "../../../../local/ports.ts";
import { createScope } from "../../../../local/scope.ts";

describe("the hidden address of an emulator", () => {
  for (const address of ["usual", "any"] as const) {
    it(`is given to one of ten clouds that start at the same moment: ${address}`, async () => {
      const scope = createScope();
      const found = await Promise.all(Array.from({ length: 10 }, () => hiddenAddress(address, scope)));
      await scope.close();
      assert.equal(new Set(found.map(({ host, port }) => `${host}:${port}`)).size, 10);
    });
  }
});

describe("a reserved port", () => {
  it("is refused to others until it is released", async () => {
    const port = await freePort();
    const release = await reservePort(HOST, port);
    assert.ok(release);
    assert.equal(await reservePort(HOST, port), undefined);
    release();
    const again = await reservePort(HOST, port);
    assert.ok(again);
    again();
  });
});
