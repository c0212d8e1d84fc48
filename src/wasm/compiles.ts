/** Tell whether these bytes are a module that may run. A page's Content-Security-Policy can forbid WebAssembly. */
export function compiles(bytes: BufferSource): boolean {
  try {
    return new WebAssembly.Module(bytes) instanceof WebAssembly.Module;
  } catch {
    return false;
  }
}
