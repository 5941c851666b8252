import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { gzipped } from "./build/gzipped.ts";

const API = "http://127.0.0.1:8000";

export default defineConfig({
  base: "./", // wherever a proxy mounts the server
  plugins: [react(), gzipped()],
  worker: { format: "es" },
  build: { assetsDir: "explorer", target: "baseline-widely-available" },
  server: { proxy: { "/graphql": API, "/explorer": API } },
  test: { environment: "happy-dom" },
});
