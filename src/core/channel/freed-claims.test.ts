import { describe, expect, it } from "vitest";
import { freedClaims } from "./freed-claims.ts";

describe("claims that the pulse takes back", () => {
  it("are free under their epoch; the others stay", () => {
    expect(freedClaims("o7a,o8s,x9a", [], (index) => index === 0)).toBe("f7a,o8s,x9a");
  });

  it("are only those that claim something", () => {
    expect(freedClaims("t7a,d8a,f9a,u0a", [], () => true)).toBe("f7a,d8a,f9a,u0a");
  });

  it("drain where what may run on one node only has not been stopped", () => {
    expect(freedClaims("o7a,t8a,f9a", [0, 1, 2], () => true)).toBe("d7a,d8a,f9a");
  });

  it("stay as they are when they are no claims", () => {
    expect(freedClaims("?", [], () => true)).toBe("?");
  });
});
