# Two images. The last, and so the default: the migrator, which waits for the servers, brings all databases to head, and
# ends with the command's exit code; with arguments it runs that command of `db` instead: `docker run … status`.
# `--target api` makes the HTTP API.
FROM node:24-bookworm-slim AS build

ENV CI=true
WORKDIR /app
# What the lockfile names is fetched in a layer of its own, which a change of the sources leaves as it is.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml .pnpmfile.cjs ./
RUN npx -y pnpm@12 fetch --prod

COPY . .
# A registry keeps times to the second, and the bundle is held to those of its sources: whole seconds survive that.
RUN npx -y pnpm@12 install --prod --offline --frozen-lockfile \
  && find . -type f -exec touch -d @0 {} + \
  && node packages/migrator/bin/db.cjs --help > /dev/null

# The clients are made by Prisma's command, which what runs doesn't need.
FROM build AS clients
RUN npx -y pnpm@12 install --frozen-lockfile && npx -y pnpm@12 run generate

FROM node:24-bookworm-slim AS api

# The address of the container; who may reach it is said where its port is published.
ENV NODE_ENV=production API_HOST=0.0.0.0
WORKDIR /app
COPY --from=build /app .
COPY --from=clients /app/packages/db-auth/generated packages/db-auth/generated
COPY --from=clients /app/packages/db-specs/generated packages/db-specs/generated
USER node
EXPOSE 3000
# Alive, not ready: nothing is won by restarting it while a database is down.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["node", "deploy/is-healthy.js"]
CMD ["node", "apps/api/bin/api.js"]

FROM node:24-bookworm-slim

ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app .
RUN mkdir -p logs && chown node logs
USER node
ENTRYPOINT ["/app/deploy/entrypoint.sh"]
