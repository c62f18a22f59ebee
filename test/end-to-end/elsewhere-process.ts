/** The other process of `callElsewhere`: module, function and arguments on the command line, the result on stdout. */
const [module, name, parameters] = process.argv.slice(2) as [string, string, string];
const found = (await import(module)) as Record<string, (...parameters: unknown[]) => Promise<unknown>>;
console.log(JSON.stringify((await found[name]!(...JSON.parse(parameters))) ?? null));

export {};
