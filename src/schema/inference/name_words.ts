/** Last words of names of columns whose whole numbers only tell things apart. */
const IDS = new Set(
  (
    'id uid uuid code zip zipcode postcode ip hash key user item movie product customer member patient subject team ' +
    'device site app ad campaign order session store shop region country city state county category class type group ' +
    'school department occupation station airport carrier brand model version fips'
  ).split(' '),
);

/** The words of a name: "userAge2" and "user_age.2" are user and age. */
export function nameWords(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(word => word !== '');
}

/** Tell whether the last word of a name marks whole numbers as ids: user, user_id, userid. */
export function isNamedAsId(name: string): boolean {
  const last = nameWords(name).at(-1) ?? '';
  return IDS.has(last) || IDS.has(last.replace(/(id|code|key|fips)$/, ''));
}
