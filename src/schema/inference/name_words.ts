/** Words of names of columns whose numbers only tell things apart. */
const IDS = new Set(
  (
    'id ids uid uids uuid guid code codes zip zipcode postcode postal postalcode ip hash key keys sku isbn asin ean ' +
    'upc ssn iban serial ref ' +
    'user users item items movie movies product products customer customers client device site app ad ads advertiser ' +
    'campaign creative ' +
    'publisher channel session cookie account store shop seller buyer merchant vendor region country city state ' +
    'district county ' +
    'category class type group cluster segment brand model version department occupation job station carrier airport ' +
    'route phone ' +
    'fips naics domain page url token tag author artist album song track'
  ).split(' '),
);
/** Words of names of columns whose numbers are quantities. */
const QUANTITIES = new Set(
  (
    'count counts cnt num n age ages price prices amount amt cost costs fee fees fare duration durations dur ' +
    'seconds second secs sec minutes minute mins hours days weeks months years year yr ms millis length len size ' +
    'width height depth ' +
    'distance dist miles km weight kg score scores rating rate ratio pct percent percentage share total sum avg mean ' +
    'average min max ' +
    'std median balance income salary wage wages revenue sales spend spending budget loan debt credit tax quantity ' +
    'qty volume speed ' +
    'temp temperature humidity pressure lat latitude lon lng longitude gain loss profit delay views visits ' +
    'impressions clicks ' +
    'followers likes votes population value rank index level interval elapsed lag tenure bid usd eur dollars cents ' +
    'bytes bmi'
  ).split(' '),
);
/** In front of a word they count it: n_users, total_items. */
const COUNTING = new Set([
  'n',
  'num',
  'nb',
  'no',
  'count',
  'cnt',
  'total',
  'sum',
  'avg',
  'mean',
  'max',
  'min',
  'median',
  'std',
]);
/** "userid", "movieid", written without a gap. */
const RUN_TOGETHER =
  /^(user|item|movie|product|customer|client|device|site|app|ad|campaign|session|account|store|shop|order|member|visitor|query|song|book|post)(id|code|key|no)s?$/;
const TIMES = new Set(['time', 'timestamp', 'ts', 'date', 'datetime', 'epoch', 'created', 'updated', 'at', 'unix']);

/** The words of a name: "userAge2" and "user_age.2" are user and age. */
export function nameWords(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(word => word !== '');
}

/**
 * Tell whether the name of a column marks its numbers as ids or as a quantity. The last word that says anything
 * decides, since "zip_count" counts and "count_id" is an id, unless the first word counts what follows, as in
 * "n_users".
 */
export function nameSays(name: string): 'id' | 'quantity' | undefined {
  const words = nameWords(name);
  if (words.length > 1 && COUNTING.has(words[0]) && !['id', 'code', 'key'].includes(words.at(-1)!)) return 'quantity';
  for (const word of words.reverse()) {
    if (QUANTITIES.has(word)) return 'quantity';
    if (IDS.has(word) || RUN_TOGETHER.test(word)) return 'id';
  }
  return undefined;
}

/** Tell whether the name of a column has a word for a time. */
export function nameSaysTime(name: string): boolean {
  return nameWords(name).some(word => TIMES.has(word));
}
