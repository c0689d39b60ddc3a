"""Dates and times of R4 with the days that the calendar has, years 1000 to 2999, no leap seconds."""
from schema_bytes import Bytes

comptime FAULT = -1
comptime DASH = UInt8(45)
comptime COLON = UInt8(58)


@always_inline
def two(text: Bytes, at: Int) -> Int:
    """The number that two digits write; far above 99 where they are none."""
    var high = text[unsafe_offset=at] - 48
    var low = text[unsafe_offset=at + 1] - 48
    return 10 * Int(high) + Int(low) if high <= 9 and low <= 9 else 1000


@always_inline
def days(year: Int, month: Int) -> Int:
    """How many days a month has."""
    if month == 2:
        var leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return 29 if leap else 28
    return 30 if month == 4 or month == 6 or month == 9 or month == 11 else 31


@always_inline
def is_day(text: Bytes, length: Int, part: Bool) -> Bool:
    """YYYY-MM-DD in the first ten characters; where `part`, also YYYY or YYYY-MM in all."""
    if length < 4:
        return False
    var century = two(text, 0)
    var rest = two(text, 2)
    if century < 10 or century > 29 or rest > 99:
        return False
    var year = 100 * century + rest
    if length == 4:
        return part
    if length < 7 or text[unsafe_offset=4] != DASH:
        return False
    var month = two(text, 5)
    if month < 1 or month > 12:
        return False
    if length == 7:
        return part
    if length < 10 or text[unsafe_offset=7] != DASH:
        return False
    var day = two(text, 8)
    return day >= 1 and day <= days(year, month)


@always_inline
def after_time(text: Bytes, at: Int, length: Int) -> Int:
    """Where hh:mm:ss with its fraction ends that begins at a place, FAULT where there is none."""
    if at + 8 > length:
        return FAULT
    if text[unsafe_offset=at + 2] != COLON or text[unsafe_offset=at + 5] != COLON:
        return FAULT
    if two(text, at) > 23 or two(text, at + 3) > 59 or two(text, at + 6) > 59:
        return FAULT
    var end = at + 8
    if end < length and text[unsafe_offset=end] == 46:
        end += 1
        while end < length and text[unsafe_offset=end] - 48 <= 9:
            end += 1
        if end == at + 9:
            return FAULT
    return end


@always_inline
def is_zone(text: Bytes, at: Int, length: Int) -> Bool:
    """Whether the rest is Z, or an offset of up to 14 hours."""
    if at + 1 == length:
        return text[unsafe_offset=at] == 90
    var sign = text[unsafe_offset=at]
    if at + 6 != length or sign != 43 and sign != DASH or text[unsafe_offset=at + 3] != COLON:
        return False
    var hours = two(text, at + 1)
    var minutes = two(text, at + 4)
    return hours <= 13 and minutes <= 59 or hours == 14 and minutes == 0


@always_inline
def is_date(text: Bytes, length: Int) -> Bool:
    """A year, a month or a day."""
    return length <= 10 and is_day(text, length, True)


@always_inline
def is_instant(text: Bytes, length: Int) -> Bool:
    """A day, a time and a zone."""
    if length < 20 or text[unsafe_offset=10] != 84 or not is_day(text, length, False):
        return False
    var end = after_time(text, 11, length)
    return end != FAULT and is_zone(text, end, length)


@always_inline
def is_date_time(text: Bytes, length: Int) -> Bool:
    """A date or an instant."""
    return is_date(text, length) if length <= 10 else is_instant(text, length)


@always_inline
def is_time(text: Bytes, length: Int) -> Bool:
    """A time of day, without a zone."""
    return after_time(text, 0, length) == length
