import {MONTHS} from '../../schema/calendar';
import {NEGATIVE, POSITIVE} from '../../schema/label';
import {LEAST_BINS, MOST_BINS, ROWS_OF_BIN} from '../../schema/columns/spike_edges';
import {DATE_NEEDS, DATE_UNITS, ISO_FORMAT, PART_SIZE, SHORT_UNITS} from '../../schema/rules/date_format';
import {LARGEST_CODE} from '../../schema/rules/numeric';
import {GOLDEN} from '../../schema/part_of_row';

const MASK = 2 ** 32 - 1;
/** A code that stands for an unseen item of a list until its codes are sorted: the last one. */
const LAST = 2 ** 31 - 1;

/** Words, without quotes in them, as a list of SQL. */
const words = (texts: readonly string[]) => `['${texts.join("', '")}']`;

const created = (macros: readonly string[]): readonly string[] => macros.map(macro => `CREATE MACRO ${macro}`);

/**
 * Macros of DuckDB that compute rules. `openEngine` creates them here, and the Python package on its own DuckDB, from
 * python/tfjs_autofis/rules.json. The encoders of src/schema are their reference. NULL stands for a missing value and
 * for invalid text.
 */
export const RULE_MACROS = created([
  // The number that a text stands for by `parseNumber`, or an infinity. DuckDB also reads "+-1" and "1_000".
  `autofis_number(text) AS
    CASE WHEN NOT (contains(text, '+-') OR contains(text, '_')) THEN TRY_CAST(text AS DOUBLE) END`,
  `autofis_finite(x) AS CASE WHEN isfinite(x) THEN x END`,
  // The text that JavaScript writes for a double: 5 for 5.0, 0.00001 for 1e-05, 1e-7 for 1e-07.
  `autofis_digits(text) AS regexp_replace(split_part(text, 'e', 1), '[-.]', '', 'g')`,
  `autofis_without_exponent(text) AS
    CASE WHEN starts_with(text, '-') THEN '-' ELSE '' END || CASE WHEN contains(text, 'e-')
    THEN '0.' || repeat('0', TRY_CAST(split_part(text, 'e-', 2) AS INTEGER) - 1) || autofis_digits(text)
    ELSE autofis_digits(text)
      || repeat('0', TRY_CAST(split_part(text, 'e+', 2) AS INTEGER) + 1 - length(autofis_digits(text))) END`,
  `autofis_float_text(x) AS
    CASE WHEN isnan(x) THEN NULL
    WHEN x = trunc(x) AND abs(x) < ${LARGEST_CODE + 1} THEN TRY_CAST(x AS BIGINT)::VARCHAR
    WHEN abs(x) >= 1e-4 AND abs(x) < 1e16 THEN regexp_replace(x::VARCHAR, '[.]0$', '')
    WHEN abs(x) >= 1e-6 AND abs(x) < 1e21 THEN autofis_without_exponent(x::VARCHAR)
    ELSE replace(replace(x::VARCHAR, 'e-0', 'e-'), 'inf', 'Infinity') END`,
  // The same for a number in decimals, of which an integer keeps all digits.
  `autofis_decimal_text(text) AS
    CASE WHEN regexp_matches(text, '^-?[0-9]+$') THEN text
    ELSE list_transform([TRY_CAST(text AS DOUBLE)], lambda x: autofis_float_text(x))[1] END`,
  `autofis_present(text, missing) AS CASE WHEN NOT list_contains(missing, text) THEN text END`,
  `autofis_label(text) AS
    CASE WHEN list_contains(${words(POSITIVE)}, text) THEN 1 WHEN list_contains(${words(NEGATIVE)}, text) THEN 0
    ELSE autofis_number(text) END`,
  `autofis_label_of(text, positive, negative) AS
    CASE WHEN list_contains(positive, text) THEN 1 WHEN list_contains(negative, text) THEN 0 END`,
  // As `logSquaredCode`, as text.
  `autofis_log_squared(x) AS
    TRY_CAST(CASE WHEN x > 2 THEN floor(ln(x) * ln(x))
    WHEN x IS NOT NULL THEN greatest(trunc(x), ${-LARGEST_CODE}) END AS BIGINT)::VARCHAR`,
  // MurmurHash3, of 32-bit integers in UBIGINT. A macro repeats its argument, the lambda does not.
  `autofis_xor_shifted(h, bits) AS xor(h, h >> bits)`,
  `autofis_fmix32(h) AS autofis_xor_shifted((autofis_xor_shifted((autofis_xor_shifted(h, 16)
    * ${0x85ebca6b}) & ${MASK}, 13) * ${0xc2b2ae35}) & ${MASK}, 16)`,
  // The hash of a row's number, uniform below 2^32. `start` is the finaliser of the split's seed.
  `autofis_row_hash(number, start) AS autofis_fmix32(((number * ${GOLDEN} + start) & ${MASK})::UBIGINT)`,
  // MurmurHash3 of a text.
  `autofis_rotated(h, bits) AS ((h << bits) | (h >> (32 - bits))) & ${MASK}`,
  `autofis_scrambled(block) AS
    (autofis_rotated((block * ${0xcc9e2d51}) & ${MASK}, 15) * ${0x1b873593}) & ${MASK}`,
  `autofis_mixed(h, block) AS
    (autofis_rotated(xor(h, autofis_scrambled(block)), 13) * 5 + ${0xe6546b64}) & ${MASK}`,
  // The little-endian number of up to four bytes, as hexadecimal digits, from the first byte's place on.
  `autofis_block(digits, first) AS ('0x0' || substr(digits, first + 6, 2) || substr(digits, first + 4, 2)
    || substr(digits, first + 2, 2) || substr(digits, first, 2))::UBIGINT`,
  `autofis_murmur3_digits(digits, seed) AS list_transform([xor(xor(
    list_reduce(list_transform(range(0, len(digits) // 8), lambda i: autofis_block(digits, 8 * i + 1)),
      lambda h, block: autofis_mixed(h, block), seed::UBIGINT),
    CASE WHEN len(digits) % 8 = 0 THEN 0::UBIGINT
    ELSE autofis_scrambled(autofis_block(digits, len(digits) // 8 * 8 + 1)) END),
    (len(digits) // 2)::UBIGINT)], lambda h: autofis_fmix32(h))[1]`,
  `autofis_murmur3(text, seed) AS autofis_murmur3_digits(hex(encode(text)), seed)`,
]);

/**
 * Values of JSON, and of lists. A raw value is a text that `rawValue` reads: "." and the text of a value, or the JSON
 * of a list of texts; that of an object, or of a list with others in it, is its JSON.
 */
export const RAW_VALUE_MACROS = created([
  `autofis_json_text(value) AS
    CASE json_type(value) WHEN 'DOUBLE' THEN autofis_decimal_text(value->>'$') ELSE value->>'$' END`,
  // The items that are not null; without one the list is missing.
  `autofis_raw_list(items) AS list_transform([list_filter(items, lambda item: item IS NOT NULL)],
    lambda present: CASE WHEN len(present) > 0 THEN to_json(present)::VARCHAR END)[1]`,
  `autofis_raw_json(value) AS
    CASE json_type(value) WHEN 'OBJECT' THEN value::VARCHAR
    WHEN 'ARRAY' THEN autofis_raw_list(list_transform(value::JSON[], lambda item:
      CASE WHEN json_type(item) IN ('ARRAY', 'OBJECT') THEN item ELSE to_json(autofis_json_text(item)) END))
    ELSE '.' || nullif(autofis_json_text(value), '') END`,
]);

/** Macros for dates and lists, for the Python package alone. Here the encoders of src/schema compute them. */
const ENCODER_MACROS = created([
  // The items of a list that are not missing, each once; those of a list in one text.
  `autofis_list_items(items, missing) AS
    list_filter(list_distinct(items), lambda item: item <> '' AND NOT list_contains(missing, item))`,
  `autofis_items(text, separator, missing) AS autofis_list_items(string_split(text, separator), missing)`,
  `autofis_list_ids(codes, width) AS
    CASE WHEN coalesce(len(codes), 0) = 0 THEN list_resize([0], width, -1)
    ELSE list_resize(list_transform(list_sort(list_distinct(codes))[1:width],
      lambda code: CASE WHEN code = ${LAST} THEN 1 ELSE code END), width, -1) END`,
  // The moment of these numbers, NULL where the calendar or the clock has none.
  `autofis_moment(year, month, day, hour, minute, second) AS
    CASE WHEN hour <= 23 AND minute <= 59 AND second <= 59 THEN TRY_CAST(
      printf('%04d-%02d-%02d %02d:%02d:%02d', year, month, day, hour, minute, second) AS TIMESTAMP) END`,
  // Hours with AM or PM, where these count.
  `autofis_half_day(hour, half) AS
    CASE WHEN hour > 12 THEN hour ELSE hour % 12 + CASE WHEN lower(half) = 'pm' THEN 12 ELSE 0 END END`,
  `autofis_month(name) AS coalesce(list_position(list_transform(${words(MONTHS)},
    lambda month: starts_with(lower(month), lower(name))), true), 0)`,
  `autofis_date_part(moment, part) AS
    CASE part WHEN 'hour' THEN hour(moment) + 1 WHEN 'day' THEN day(moment) WHEN 'month' THEN month(moment)
    WHEN 'weekday' THEN dayofweek(moment) + 1
    WHEN 'weekend' THEN CASE WHEN dayofweek(moment) % 6 = 0 THEN 2 ELSE 1 END END`,
]);

/** Return the text of python/tfjs_autofis/rules.json: the macros, and the patterns for formats of dates. */
export function pythonRules(): string {
  const rules = {
    macros: [...RULE_MACROS, ...ENCODER_MACROS].map(macro => macro.replace(/\s+/g, ' ')),
    lastCode: LAST,
    bins: {most: MOST_BINS, least: LEAST_BINS, rows: ROWS_OF_BIN},
    dates: {units: DATE_UNITS, short: SHORT_UNITS, iso: ISO_FORMAT, needs: DATE_NEEDS, sizes: PART_SIZE},
  };
  return `${JSON.stringify(rules, null, 1)}\n`;
}
