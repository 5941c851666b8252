import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

import { gzipped } from "./gzipped.ts";

const API = process.env.API ?? "http://127.0.0.1:8000";

/** The page posts to where it is, so it has to be where the server has it. */
const atGraphql: Plugin = {
  name: "at-graphql",
  configureServer: ({ middlewares }) => {
    middlewares.use((request, response, next) => {
      if (request.url === "/") response.writeHead(302, { Location: "/graphql" }).end();
      else next();
    });
  },
};

export default defineConfig({
  base: "./", // wherever a proxy mounts the server
  plugins: [react(), gzipped(), atGraphql],
  worker: { format: "es" },
  optimizeDeps: {
    exclude: ["graphiql/setup-workers/vite", "@graphiql/react/setup-workers/vite"],
    include: ["nullthrows", "picomatch-browser"], // the workers' dependencies that are no modules
  },
  build: {
    assetsDir: "explorer",
    target: "baseline-widely-available",
    rolldownOptions: { output: { keepNames: true } }, // by which GraphiQL names its icons
  },
  server: {
    proxy: {
      "/graphql": { target: API, bypass: ({ method }) => (method === "GET" ? "/" : undefined) },
      "/explorer/explain": API,
    },
  },
  test: { environment: "happy-dom" },
});
