/** `base`, or with the first number that makes a name not yet taken; takes it. */
export function freeName(taken: Set<string>, base: string): string {
  let name = base;
  for (let n = 1; taken.has(name); n++) name = `${base}_${n}`;
  taken.add(name);
  return name;
}
