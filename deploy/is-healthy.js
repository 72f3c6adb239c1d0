// Whether the API of this container answers: for its HEALTHCHECK, since the image has no curl.
const url = `http://127.0.0.1:${process.env.API_PORT || 3000}/health`
const { ok } = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => ({ ok: false }))
process.exitCode = ok ? 0 : 1
