// Runs dependency-cruiser over src and fails when it saw nothing: with a TypeScript that it cannot
// read it reports "no violations (0 modules)" and exits 0.
import { cruise } from "dependency-cruiser";
import extractDepcruiseOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";

const options = await extractDepcruiseOptions("./.dependency-cruiser.mjs");
const result = await cruise(["src"], { ...options, validate: true, outputType: "err" }, undefined, {
  tsConfig: extractTSConfig("./tsconfig.json"),
});
const summary = await cruise(["src"], options, undefined, {
  tsConfig: extractTSConfig("./tsconfig.json"),
});
const modules = summary.output.modules.filter((module) => module.source.startsWith("src/"));
const edges = modules.reduce((sum, module) => sum + module.dependencies.length, 0);

console.log(result.output.trim());
if (modules.length === 0 || edges === 0) {
  console.error(
    "check-borders: dependency-cruiser saw no module or no import: it cannot read these sources.",
  );
  process.exit(1);
}
console.log(`check-borders: ${modules.length} modules, ${edges} imports`);
process.exit(result.exitCode === 0 ? 0 : 1);
