"""Tokens of a text of one byte a character, and the hashed columns that tell of a word by its own form."""

comptime Bytes = MutPointer[UInt8, MutUntrackedOrigin]
comptime Ints = MutPointer[Int32, MutUntrackedOrigin]
comptime Hashes = MutPointer[UInt32, MutUntrackedOrigin]

comptime LOWER = 0
comptime CASED = 1
comptime SHAPE = 2
comptime PREFIX = 3  # of 2, 3, 4 characters
comptime SUFFIX = 6  # of 2 to 6
comptime LENGTH = 11
comptime WINDOWS = 12  # character 4-grams of "<word>"
comptime MOST_WINDOWS = 12
comptime MOST_DIGITS = 5

comptime SPACE = 0
comptime LETTER = 1
comptime DIGIT = 2
comptime MARK = 3

comptime BEYOND = 0x80  # stands for a mark that isn't ASCII; the two after it for a letter, a digit


@always_inline
def class_of(letter: UInt8) -> Int:
    """What a token may be made of: letters, digits, or one mark."""
    if (letter | 32) - 97 < 26:
        return LETTER
    if letter - 48 < 10:
        return DIGIT
    if letter == BEYOND + 1:
        return LETTER
    if letter == BEYOND + 2:
        return DIGIT
    return SPACE if letter == 32 or letter - 9 < 5 or letter - 28 < 4 else MARK


@always_inline
def split_narrow(text: Bytes, length: Int, places: Ints) -> Int:
    """Writes start and end of every token; gives how many there are."""
    var found = 0
    var at = 0
    while at < length:
        var kind = class_of(text[unsafe_offset=at])
        var end = at + 1
        if kind == LETTER or kind == DIGIT:
            while end < length and class_of(text[unsafe_offset=end]) == kind:
                end += 1
        if kind != SPACE:
            places[unsafe_offset=2 * found] = Int32(at)
            places[unsafe_offset = 2 * found + 1] = Int32(end)
            found += 1
        at = end
    return found


struct Word(Copyable, Movable):
    """One token; of a number every digit reads as 0."""

    var text: Bytes
    var length: Int
    var number: Bool
    var crc: Hashes

    def __init__(out self, text: Bytes, length: Int, crc: Hashes):
        self.text = text
        self.number = class_of(text[unsafe_offset=0]) == DIGIT
        self.length = min(length, MOST_DIGITS) if self.number else length
        self.crc = crc

    @always_inline
    def is_ascii(self) -> Bool:
        """Whether its characters are known, not their classes alone."""
        for at in range(self.length):
            if self.text[unsafe_offset=at] >= BEYOND:
                return False
        return True

    @always_inline
    def cased(self, at: Int) -> UInt8:
        """A character as it is written."""
        return UInt8(48) if self.number else self.text[unsafe_offset=at]

    @always_inline
    def low(self, at: Int) -> UInt8:
        """A character in lower case."""
        var letter = self.cased(at)
        return letter + 32 if letter - 65 < 26 else letter

    @always_inline
    def shape(self, at: Int) -> UInt8:
        """X, x or 0 for letters and digits; a mark stands for itself."""
        var letter = self.cased(at)
        if letter - 65 < 26:
            return 88
        return UInt8(120) if letter - 97 < 26 else letter

    @always_inline
    def step(self, state: UInt32, letter: UInt8) -> UInt32:
        """One byte of a CRC-32 (ISO 3309)."""
        return self.crc[unsafe_offset=Int((state ^ letter.cast[DType.uint32]()) & 0xFF)] ^ (state >> 8)

    @always_inline
    def begun(self, kind: Int) -> UInt32:
        """The CRC's state after the letter that tells columns apart."""
        return self.step(0xFFFFFFFF, UInt8(kind))

    @always_inline
    def lows(self, kind: Int, first: Int, last: Int) -> UInt32:
        """The hash of characters first..last in lower case."""
        var state = self.begun(kind)
        for at in range(first, last):
            state = self.step(state, self.low(at))
        return ~state | 1


@always_inline
def put_columns(word: Word, row: Hashes):
    """Writes the columns of one word; 0 where it is too short for one."""
    var length = word.length
    var cased = word.begun(99)
    for at in range(length):
        cased = word.step(cased, word.cased(at))
    row[unsafe_offset=LOWER] = word.lows(119, 0, length)
    row[unsafe_offset=CASED] = ~cased | 1
    row[unsafe_offset=SHAPE] = shape_hash(word)
    for size in range(2, 5):
        row[unsafe_offset = PREFIX + size - 2] = word.lows(112, 0, size) if length > size else 0
    for size in range(2, 7):
        row[unsafe_offset = SUFFIX + size - 2] = word.lows(101, length - size, length) if length > size else 0
    var told = min(length, 12)
    var state = word.begun(108)
    if told > 9:
        state = word.step(state, 49)
    row[unsafe_offset=LENGTH] = ~word.step(state, UInt8(48 + told % 10)) | 1
    put_windows(word, row.unsafe_offset(WINDOWS))


@always_inline
def shape_hash(word: Word) -> UInt32:
    """The hash of a word's shape, of which alike characters in a row count twice at most."""
    var state = word.begun(115)
    var alike = 0
    for at in range(word.length):
        var now = word.shape(at)
        alike = alike + 1 if at > 0 and now == word.shape(at - 1) else 1
        if alike <= 2:
            state = word.step(state, now)
    return ~state | 1


@always_inline
def put_windows(word: Word, row: Hashes):
    """The hashes of every four characters in a row, the word's edges among them."""
    for first in range(MOST_WINDOWS):
        if first >= word.length - 1:
            row[unsafe_offset=first] = 0
            continue
        var state = word.begun(103)
        for at in range(first - 1, first + 3):
            var letter = UInt8(60) if at < 0 else (UInt8(62) if at == word.length else word.low(at))
            state = word.step(state, letter)
        row[unsafe_offset=first] = ~state | 1
