import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { gzipped } from "./gzipped.ts";

const API = "http://127.0.0.1:8000";

export default defineConfig({
  base: "./", // wherever a proxy mounts the server
  plugins: [react(), gzipped()],
  worker: { format: "es" },
  optimizeDeps: {
    exclude: ["graphiql/setup-workers/vite", "@graphiql/react/setup-workers/vite"],
    include: ["nullthrows", "picomatch-browser"], // the workers' dependencies that are no modules
  },
  build: { assetsDir: "explorer", target: "baseline-widely-available" },
  server: {
    proxy: {
      "/graphql": { target: API, bypass: ({ method }) => (method === "GET" ? "/" : undefined) },
      "/explorer/explain": API,
    },
  },
  test: { environment: "happy-dom" },
});
