"""Parts of dates as a graph of TensorFlow, by the rules of `moment_sql`."""

import tensorflow as tf

from .schema import date_pattern

_MONTHS = ("january february march april may june july august september october november december").split()
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_GROUPS = 9
"""The most groups that a replacement of RE2 can name."""


class DateGraph(tf.Module):
    """The ids of a dateTime rule, int64 [batch], 0 where the text is not a date of its format."""

    def __init__(self, rule, where):
        super().__init__()
        self.pattern, self.units = date_pattern(rule.get("format"), where)
        if len(self.units) > _GROUPS:
            raise ValueError(
                f"{where}: a SavedModel reads at most {_GROUPS} units of a date. Received: {rule['format']!r}. "
                "Leave out those that the part does not need."
            )
        self.part = rule["part"]
        names = {month[:length]: i + 1 for i, month in enumerate(_MONTHS) for length in range(3, len(month) + 1)}
        months = tf.lookup.KeyValueTensorInitializer(list(names), list(names.values()), tf.string, tf.int64)
        self.months = tf.lookup.StaticHashTable(months, 0)

    def __call__(self, text):
        matches = tf.strings.regex_full_match(text, self.pattern)
        groups = {
            unit: tf.where(matches, tf.strings.regex_replace(text, self.pattern, rf"\{i + 1}", False), "")
            for i, unit in enumerate(self.units)
        }
        if "s" in self.units or "Q" in self.units:
            year, month, day, hour = _of_instant(self._seconds(groups))
            valid = matches
        else:
            year, month, day, hour, valid = self._of_calendar(groups)
        if "I" in self.units:
            given = self._hour(groups)
            valid &= (given >= 1) & (given <= 12)
        ids = _part_of(self.part, year, month, day, hour)
        return tf.where(matches & valid, ids, tf.zeros_like(ids))

    def _seconds(self, groups):
        unit = self._later("s", "Q")
        instant = _number(groups, unit, 0)
        return instant if unit == "s" else instant // 1000

    def _of_calendar(self, groups):
        year = _number(groups, "Y", 2000)
        if self._later("Y", "y") == "y" and "y" in self.units:
            short = _number(groups, "y", 0)
            year = short + tf.where(short > 68, _int(1900), _int(2000))
        if "b" in self.units and self._later("m", "b") == "b":
            month = self.months.lookup(tf.strings.lower(groups["b"]))
        else:
            month = _number(groups, "m", 1)
        day, hour = _number(groups, "d", 1), self._hour(groups)
        if "p" in self.units:
            is_late = tf.strings.lower(groups["p"]) == "pm"
            hour = tf.where(hour > 12, hour, hour % 12 + tf.where(is_late, _int(12), _int(0)))
        is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
        length = tf.gather(_int(_LENGTHS), tf.clip_by_value(month, 1, 12) - 1)
        length += tf.cast((month == 2) & is_leap, tf.int64)
        is_day = (month >= 1) & (month <= 12) & (day >= 1) & (day <= length)
        is_time = (hour <= 23) & (_number(groups, "M", 0) <= 59) & (_number(groups, "S", 0) <= 59)
        return year, month, day, hour, is_day & is_time

    def _hour(self, groups):
        return _number(groups, self._later("H", "I"), 0)

    def _later(self, *pair):
        """The later one of two units of a format."""
        return max(pair, key=lambda unit: self.units.index(unit) if unit in self.units else -1)


def _int(value):
    return tf.constant(value, tf.int64)


def _number(groups, unit, default):
    """The number of a unit, `default` where the text has none."""
    if unit not in groups:
        return _int(default)
    digits = groups[unit]
    return tf.strings.to_number(tf.where(digits == "", str(default), digits), tf.int64)


def _part_of(part, year, month, day, hour):
    if part == "hour":
        return hour + 1
    if part in ("day", "month"):
        return day if part == "day" else month
    weekday = (_days(year, month, day) + 4) % 7
    return weekday + 1 if part == "weekday" else tf.where(weekday % 6 == 0, _int(2), _int(1))


def _days(year, month, day):
    """Days since 1970-01-01, counted in years that begin in March and eras of 400 years."""
    year -= tf.cast(month <= 2, tf.int64)
    month = (month + 9) % 12
    of_era = year % 400
    days = of_era * 365 + of_era // 4 - of_era // 100 + (153 * month + 2) // 5 + day - 1
    return year // 400 * 146097 + days - 719468


def _of_instant(seconds):
    """Year, month, day and hour (UTC) of seconds since 1970-01-01: the inverse of `_days`."""
    days = seconds // 86400 + 719468
    of_era = days % 146097
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    day = of_year - (153 * month + 2) // 5 + 1
    month = (month + 2) % 12 + 1
    year += days // 146097 * 400 + tf.cast(month <= 2, tf.int64)
    return year, month, day, seconds % 86400 // 3600
