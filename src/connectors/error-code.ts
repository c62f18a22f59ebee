/** What an error calls itself. Whatever else it says may quote what was read or written. */
export function errorCode(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return (
    ([code, name].find((word) => typeof word === "string" && /^\w{1,60}$/.test(word)) as string | undefined) ?? "unknown error"
  );
}
