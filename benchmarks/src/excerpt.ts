const kept = 4

/** The beginning and the end of what a program said, where the reason stands; credentials of URLs are left out. */
export function excerpt(output: string): string {
  const lines = output.replace(/:\/\/[^\s@/]+@/g, '://***@').split('\n')
  if (lines.length <= 2 * kept) return lines.join('\n')
  return [...lines.slice(0, kept), '…', ...lines.slice(-kept)].join('\n')
}
