type Optional<T> = { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };
type Required<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] };

/** The same without the keys whose value is undefined: here "absent" and "undefined" are not the same. */
export function defined<T extends object>(value: T): Optional<T> & Required<T> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Optional<T> & Required<T>;
}
