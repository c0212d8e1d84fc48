import {MONTHS} from '../calendar';
import {type DateFormat, dateFormat, ISO_FORMAT, type Unit} from './date_format';

/**
 * Read dates of a format, undefined for ISO 8601, as milliseconds since 1970. They are read as they are written: no
 * time zone is applied; %s and %Q are read as UTC. Absent units count as their least value, the year as 2000. %y is
 * 1969 to 2068. A text that does not match, or that names no day of the calendar or time of the day, gives undefined.
 */
export function dateReader(where: string, format?: string): (text: string) => number | undefined {
  return formatReader(format === undefined ? ISO_FORMAT : dateFormat(where, format, 'weekday'));
}

/** Read dates of a parsed format. */
export function formatReader({pattern, units}: DateFormat): (text: string) => number | undefined {
  const expression = new RegExp(pattern, 'u');
  return text => {
    const match = expression.exec(text);
    if (match === null) return undefined;
    const found = new DateUnits();
    units.forEach((unit, i) => {
      if (match[i + 1] !== undefined) found.set(unit, match[i + 1]);
    });
    return found.time();
  };
}

/** Units of a time that a text gives, with defaults for absent ones. */
class DateUnits {
  private year = 2000;
  private month = 1;
  private day = 1;
  private hour = 0;
  private minute = 0;
  private second = 0;
  /** 12 after noon, 0 before it, by %p. */
  private half: number | undefined;
  /** True if the hour is on a 12-hour clock. */
  private isTwelve = false;
  private instant: number | undefined;

  set(unit: Unit, text: string): void {
    const number = Number(text);
    switch (unit) {
      case 'Y':
        this.year = number;
        break;
      case 'y':
        this.year = number + (number > 68 ? 1900 : 2000);
        break;
      case 'm':
        this.month = number;
        break;
      case 'b':
        this.month = monthOf(text);
        break;
      case 'd':
        this.day = number;
        break;
      case 'H':
        this.hour = number;
        break;
      case 'I':
        this.hour = number;
        this.isTwelve = true;
        break;
      case 'p':
        this.half = /^p/i.test(text) ? 12 : 0;
        break;
      case 'M':
        this.minute = number;
        break;
      case 'S':
        this.second = number;
        break;
      case 's':
        this.instant = number * 1000;
        break;
      case 'Q':
        this.instant = number;
        break;
    }
  }

  /** Milliseconds since 1970; undefined for no day of the calendar or time of the day. */
  time(): number | undefined {
    const {year, month, day, minute, second, half} = this;
    if (this.isTwelve && (this.hour < 1 || this.hour > 12)) return undefined;
    if (this.instant !== undefined) return this.instant;
    const hour = half !== undefined && this.hour <= 12 ? (this.hour % 12) + half : this.hour;
    const date = new Date(0);
    // Not Date.UTC, which reads the years 0 to 99 as 1900 to 1999.
    date.setUTCFullYear(year, month - 1, day);
    const isWrong = date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day;
    if (isWrong || hour > 23 || minute > 59 || second > 59) return undefined;
    return date.setUTCHours(hour, minute, second);
  }
}

/** The month of an English name or its first letters, at least three; 0 for none. */
function monthOf(text: string): number {
  return 1 + MONTHS.findIndex(name => name.toLowerCase().startsWith(text.toLowerCase()));
}
