/** A connector with some of its methods replaced. */
export function changedEnd<End extends object>(end: End, methods: Partial<End>): End {
  return new Proxy(end, {
    get(target, name) {
      const own = Reflect.get(methods, name) ?? Reflect.get(target, name, target);
      return typeof own === "function" ? own.bind(target) : own;
    },
  });
}
