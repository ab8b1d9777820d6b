import { expect, test } from "vitest";
import { readText, rowsOf, sectionOf } from "./repository.ts";

const PAGE = "docs/dependencies.md";

interface Package {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readText("package.json")) as Package;

function namesUnder(heading: string): readonly string[] {
  return rowsOf(sectionOf(readText(PAGE), heading)).map(([name = ""]) => name.replaceAll("`", ""));
}

test("each dependency has a row with its reason, and no row is left over", () => {
  expect(namesUnder("## At run time").toSorted()).toEqual(
    Object.keys(manifest.dependencies).toSorted(),
  );
  expect(namesUnder("## For development").toSorted()).toEqual(
    Object.keys(manifest.devDependencies).toSorted(),
  );
});

test("each row has a reason and what would replace it", () => {
  for (const row of rowsOf(readText(PAGE))) {
    const [, why = "", instead = ""] = row;
    expect(why.length).toBeGreaterThan(20);
    expect(instead.length).toBeGreaterThan(10);
  }
});

test("dependencies are pinned exactly", () => {
  const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});
