"""The rows that come near the best of a query, as a buffer of the caller's."""

comptime Floats = MutPointer[Float32, MutUntrackedOrigin]
comptime Ints = MutPointer[Int32, MutUntrackedOrigin]
comptime HEAD = 5


@fieldwise_init
struct Near(Copyable, Movable):
    """The rows that may be among a query's k best by what their scores may be off by.

    `its` has the length of the query, what a score is off by for each unit of the row's scale, what
    any score is off by besides; the score that a row must be able to exceed, the number of rows (as
    an integer, -1 where there is no room for all); the least that the k best score, falling; then
    the most that each of up to `room` rows scores, and their ids (integers).
    """

    var its: Floats
    var k: Int
    var room: Int

    @always_inline
    def length(self) -> Float32:
        """How long the query's codes are."""
        return self.its[unsafe_offset=0]

    @always_inline
    def off(self, scale: Float32) -> Float32:
        """What the score of a row with this scale is off by at most."""
        return self.its[unsafe_offset=1] * abs(scale) + self.its[unsafe_offset=2]

    @always_inline
    def lost(self) -> Float32:
        """The part of this that all rows share."""
        return self.its[unsafe_offset=2]

    @always_inline
    def bar(self) -> Float32:
        """The score that a row must be able to exceed."""
        return self.its[unsafe_offset=3]

    def admit(self, score: Float32, off: Float32, row: Int):
        """Takes in a row that may exceed the bar, and raises that where it's one of the k best."""
        var counted = self.its.unsafe_bitcast[Int32]().unsafe_offset(4)
        var count = Int(counted[])
        if count == self.room:
            count = self.weeded()
        if count == self.room:
            self.its[unsafe_offset=3] = Float32.MAX
            counted[] = -1
            return
        var mosts = self.its.unsafe_offset(HEAD + self.k)
        mosts[unsafe_offset=count] = score + off
        mosts.unsafe_bitcast[Int32]()[unsafe_offset = self.room + count] = Int32(row)
        counted[] = Int32(count + 1)
        var least = score - off
        var best = self.its.unsafe_offset(HEAD)
        var at = self.k - 1
        if least <= best[unsafe_offset=at]:
            return
        while at > 0 and best[unsafe_offset=at - 1] < least:
            best[unsafe_offset=at] = best[unsafe_offset=at - 1]
            at -= 1
        best[unsafe_offset=at] = least
        self.its[unsafe_offset=3] = max(self.bar(), best[unsafe_offset = self.k - 1])

    def weeded(self) -> Int:
        """Drops the rows that are below the bar by now; gives how many are left."""
        var mosts = self.its.unsafe_offset(HEAD + self.k)
        var left = 0
        for at in range(self.room):
            if mosts[unsafe_offset=at] > self.bar():
                mosts[unsafe_offset=left] = mosts[unsafe_offset=at]
                mosts[unsafe_offset = self.room + left] = mosts[unsafe_offset = self.room + at]
                left += 1
        return left


@fieldwise_init
struct AllNear(Copyable, Movable):
    """What comes near the best of many queries, one after the other."""

    var its: Floats
    var k: Int
    var room: Int

    @always_inline
    def of(self, query: Int) -> Near:
        """What comes near the best of one."""
        var size = HEAD + self.k + 2 * self.room
        return Near(self.its.unsafe_offset(query * size), self.k, self.room)
