// TypeScript declares WebAssembly only among the types of browsers; this is the part that is used here.
declare namespace WebAssembly {
  type ModuleImports = Record<string, unknown>
  interface Instance {
    readonly exports: Record<string, unknown>
  }
  class RuntimeError extends Error {}
  function instantiate(
    bytes: Uint8Array,
    imports: Record<string, ModuleImports>,
  ): Promise<{ instance: Instance }>
}
