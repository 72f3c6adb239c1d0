// The packages that carry Node name their platform as a string; pnpm reads lists only, and would fetch
// the Windows builds on every machine.
const nodeBinary = /^node-(bin-)?(darwin|linux|win)-/

module.exports = {
  hooks: {
    readPackage(manifest) {
      if (!nodeBinary.test(manifest.name)) return manifest
      return { ...manifest, os: [manifest.os].flat(), cpu: [manifest.cpu].flat() }
    },
  },
}
