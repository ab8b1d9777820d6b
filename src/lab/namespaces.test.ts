import { expect, test } from "vitest";
import { refused } from "./namespaces.ts";

const kernel = (settings: Record<string, string>) => (path: string) => settings[path];

test("a refusal names the sysctl that is closed, and only that one", () => {
  const error = refused(
    "unshare: unshare failed: Operation not permitted",
    kernel({
      "kernel/unprivileged_userns_clone": "1",
      "user/max_user_namespaces": "96365",
      "kernel/apparmor_restrict_unprivileged_userns": "1",
    }),
  );
  expect(error.code).toBe("lab-no-namespaces");
  expect(error.nextStep).toBe(
    "Run as root: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
  );
  expect(error.message).toContain("Operation not permitted");
});

test("where every lock is closed, one command opens all", () => {
  const error = refused(
    "no",
    kernel({
      "kernel/unprivileged_userns_clone": "0",
      "user/max_user_namespaces": "0",
      "kernel/apparmor_restrict_unprivileged_userns": "1",
    }),
  );
  expect(error.nextStep.match(/sysctl -w/g)).toHaveLength(3);
});

test("a refusal without a known lock still says what to do", () => {
  expect(refused("no", kernel({})).nextStep).toContain("as root");
});
