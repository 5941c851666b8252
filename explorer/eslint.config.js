import js from "@eslint/js";
import accessibility from "eslint-plugin-jsx-a11y";
import hooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import typescript from "typescript-eslint";

export default defineConfig(globalIgnores(["dist"]), js.configs.recommended, {
  files: ["**/*.{ts,tsx}"],
  extends: [
    typescript.configs.strictTypeChecked,
    typescript.configs.stylisticTypeChecked,
    hooks.configs.flat["recommended-latest"],
    accessibility.flatConfigs.strict,
  ],
  languageOptions: { parserOptions: { projectService: true } },
  rules: {
    // does not end on types of graphql that wrap each other
    "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
  },
});
