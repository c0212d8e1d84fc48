/** Options shared by all rules. A rule turns one column into one field. */
interface RuleBase {
  /** The field's name, unique in the schema. */
  name: string;
  /** The column that it reads. Several fields may read one column. */
  column: string;
  /**
   * Values that are read as missing, compared exactly. Null, an absent column of a row and the empty string are always
   * missing. Default: none besides.
   */
  missing?: string[];
}

interface VocabularyOptions {
  /** A value seen in fewer training rows has no id of its own. Integer >= 1, default 1. */
  minCount?: number;
  /** The greatest `size` of the field, its ids for missing and unseen included. Integer >= 3, default no limit. */
  maxSize?: number;
}

/** Each value is its own id. */
export interface CategoricalRule extends RuleBase, VocabularyOptions {
  type: 'categorical';
}

/** A number becomes the number of its bucket. */
export type NumericRule = RuleBase & {type: 'numeric'} &
  /**
   * The default. A value that fills a bucket by itself has one of its own, all others share the rest of `buckets`
   * equally; edges lie halfway between values. Integer 2 to 65,536; default 128, fewer below 2,048 training rows.
   */
  (
    | {bucketing?: 'spikes'; buckets?: number}
    /** Most buckets, of equal frequency: equal values are never separated. Integer 2 to 65,536. */
    | {bucketing: 'quantiles'; buckets: number}
    /** floor(ln(x)^2) for x > 2, else x without its fraction; each such number is then a value with its own id. */
    | ({bucketing: 'logSquared'} & VocabularyOptions)
    /** Bucket i holds edges[i - 1] <= x < edges[i]; the first and last are open. Rising finite numbers. */
    | {bucketing: 'edges'; edges: number[]}
  );

/** A list of values in one column, such as "Comedy|Drama". */
export interface MultiValuedRule extends RuleBase, VocabularyOptions {
  type: 'multiValued';
  /** The text between two values, any non-empty string. */
  separator: string;
  /** Ids that a row has room for. With more values the most frequent are kept. */
  width: number;
  /** Function that combines the embeddings of the values. Default 'mean'. */
  combiner?: 'mean' | 'sum';
}

export type DatePart = 'hour' | 'weekday' | 'day' | 'month' | 'weekend';

/** One part of a date or time. */
export interface DateTimeRule extends RuleBase {
  type: 'dateTime';
  /**
   * Format of the text, in codes such as %Y-%m-%d %H:%M. %Y has four digits, %y %m %d %H %M %S have two, and %-m %-d
   * %-H %-M %-S have no leading zeros. %b is a month's name (Oct, October), %a a weekday's (Tue, Tuesday), %I or %-I
   * with %p an hour such as 5 PM, %f the digits of a fraction, %z a zone (Z, UTC, +02:00), %Z the name of one (EST,
   * Europe/Paris), %s and %Q seconds and milliseconds since 1970, %% a percent sign; other characters stand for
   * themselves. A space stands for one or several. Zones and names of weekdays do not change what is read. Default: ISO
   * 8601, a date with or without a time ("2014-10-21", "2014-10-21 05:30:00.25Z").
   */
  format?: string;
  part: DatePart;
}

/** The murmur3-32 hash of the value, modulo `buckets`. Needs no vocabulary. */
export interface HashedRule extends RuleBase {
  type: 'hashed';
  buckets: number;
  /** Seed of the hash, 0 to 2^32 - 1. Default 0. */
  seed?: number;
}

export type FieldRule = CategoricalRule | NumericRule | MultiValuedRule | DateTimeRule | HashedRule;

/**
 * The column that holds the label. By itself its values are 0 and 1, also as false and true. With `positive` and
 * `negative` these values stand for 1 and 0, compared exactly; with `comparison` a number is 1 where the comparison
 * with `threshold` holds.
 */
export type LabelRule =
  | {column: string}
  | {column: string; positive: string[]; negative: string[]}
  | {column: string; comparison: '>=' | '>' | '<=' | '<'; threshold: number};

/**
 * Rules that turn the columns of a table into the fields of a model. A schema is plain JSON, meant to be read and
 * edited by people.
 */
export interface Schema {
  version: 1;
  label?: LabelRule;
  /** The column that holds the weight of a row, a number >= 0. */
  weight?: {column: string};
  fields: FieldRule[];
}
