# The migrator as an image: it waits for the servers, brings all databases to head, and ends with the command's exit
# code. With arguments it runs that command of `db` instead: `docker run … status`.
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

FROM node:24-bookworm-slim

ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app .
RUN mkdir -p logs && chown node logs
USER node
ENTRYPOINT ["/app/deploy/entrypoint.sh"]
