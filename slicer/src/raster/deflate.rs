//! Runs of equal bytes to a zlib stream, without the bytes.
//!
//! A run is its first byte and a match with the byte before; what is empty runs on from row to
//! row. A row of many runs that is as the row before is a match with it. All in one block with a
//! code that was made for layers, so that there is one pass.

use super::huffman::{BITS_MAX, Bits, canonical, code_lengths};
use super::runs::Packed;

/// Longest match.
const MATCH_MAX: usize = 258;
/// Shortest match.
const MATCH_MIN: usize = 3;
/// Farthest that a match reaches back.
const REACH: usize = 32_768;
const END_OF_BLOCK: usize = 256;
/// Modulus of the checksum (RFC 1950).
const ADLER: u64 = 65_521;

/// Symbol and extra bits of a match's length (RFC 1951, 3.2.5).
fn length_symbol(length: usize) -> (usize, Bits) {
    debug_assert!((MATCH_MIN..=MATCH_MAX).contains(&length), "lengths have symbols");
    if length == MATCH_MAX {
        return (285, Bits::default());
    }
    let over = length - MATCH_MIN;
    if over < 8 {
        return (257 + over, Bits::default());
    }
    let extra = over.ilog2() - 2;
    let symbol = 257 + 4 * extra as usize + (over >> extra);
    (symbol, Bits::new((over & ((1 << extra) - 1)) as u64, extra))
}

/// Symbol and extra bits of a match's distance.
fn distance_symbol(distance: usize) -> (usize, Bits) {
    debug_assert!((1..=REACH).contains(&distance), "distances have symbols");
    let over = distance - 1;
    if over < 4 {
        return (over, Bits::default());
    }
    let extra = over.ilog2() - 1;
    let symbol = 2 * extra as usize + (over >> extra);
    (symbol, Bits::new((over & ((1 << extra) - 1)) as u64, extra))
}

/// Weights of literals and lengths as they are in layers: most of all the longest match, of which
/// empty space is made, then empty and solid, then short matches before long ones. The greys of
/// contours are as frequent as each other; of bytes of eight pixels those are frequent in which
/// contours begin or end.
fn weights(kind: Bytes) -> Vec<u32> {
    let mut weights = vec![if kind == Bytes::Pixels { 80 } else { 3 }; 286];
    (weights[0], weights[255], weights[END_OF_BLOCK]) = (6_000, 6_000, 1);
    for (symbol, weight) in weights.iter_mut().enumerate().skip(257) {
        *weight = 1_500 - 40 * (symbol as u32 - 257);
    }
    weights[285] = 70_000;
    if kind == Bytes::EightPixels {
        (weights[0], weights[255], weights[285]) = (14_000, 14_000, 20_000);
        for k in 1..8 {
            (weights[0xff >> k], weights[0xff << k & 0xff]) = (2_000, 2_000);
        }
    }
    weights
}

/// What the bytes of an image are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bytes {
    Pixels,
    EightPixels,
}

/// What is the same in all images of one width: the code, and the bits of common pairs.
#[derive(Debug)]
pub(crate) struct Coder {
    /// Bytes of a row, that for the filter included.
    row: usize,
    /// The header of the block.
    header: Vec<Bits>,
    literals: Vec<Bits>,
    end: Bits,
    /// What follows a literal to make so many of it, as far as one push takes both.
    repeats: Vec<Repeat>,
    /// Longest matches with the byte before, as many as one push takes, and the bytes they make.
    many: (Bits, usize),
    /// Matches with the row before, by their length; empty if it is out of reach or too short.
    above: Vec<Bits>,
}

impl Coder {
    /// For rows of so many bytes, that for the filter included.
    pub(crate) fn new(row: usize, kind: Bytes) -> Self {
        let lengths = code_lengths(&weights(kind), BITS_MAX);
        let symbols = canonical(&lengths);
        // Two distances, one bit each.
        let (above_symbol, above_extra) = distance_symbol(row.clamp(2, REACH));
        let mut distance_lengths = vec![0_u8; above_symbol + 1];
        (distance_lengths[0], distance_lengths[above_symbol]) = (1, 1);
        let distances = canonical(&distance_lengths);
        let matching = |length: usize, distance: Bits| {
            let (symbol, extra) = length_symbol(length);
            symbols[symbol].then(extra).then(distance)
        };
        let with_before: Vec<Bits> =
            (MATCH_MIN..=MATCH_MAX).map(|length| matching(length, distances[0])).collect();
        let repeats = repeats(&with_before);
        let longest = with_before[MATCH_MAX - MATCH_MIN];
        // After these there must be enough left over for a match.
        let fit = (PUSH_BITS / longest.n as usize).min((repeats.len() - 6) / MATCH_MAX);
        let many = (0..fit).fold(Bits::default(), |many, _| many.then(longest));
        let to_above = distances[above_symbol].then(above_extra);
        let reachable = (MATCH_MIN..=REACH).contains(&row);
        Self {
            row,
            header: block_header(&lengths, &distance_lengths),
            literals: symbols[..256].to_vec(),
            end: symbols[END_OF_BLOCK],
            repeats,
            many: (many, fit * MATCH_MAX),
            above: (0..=MATCH_MAX)
                .filter(|_| reachable)
                .map(|n| if n < MATCH_MIN { Bits::default() } else { matching(n, to_above) })
                .collect(),
        }
    }
}

/// What makes so many of a byte after it, by their number, as long as one push takes it beside a
/// literal; from the matches with the byte before by their length over the shortest.
fn repeats(with_before: &[Bits]) -> Vec<Repeat> {
    let one = |length: usize| with_before[length - MATCH_MIN];
    // Of none, of one, and those of which the last are literals again.
    let mut repeats = vec![Repeat::LITERALS, Repeat::new(Bits::default())];
    repeats.extend([Repeat::LITERALS; MATCH_MIN - 1]);
    loop {
        let mut left = repeats.len() - 1;
        let mut bits = Bits::default();
        while left > 0 {
            // What is left over must not be too short for a match.
            let length = match left {
                0..=MATCH_MAX => left,
                261.. => MATCH_MAX,
                _ => left - MATCH_MIN,
            };
            bits = bits.then(one(length));
            left -= length;
        }
        if bits.n as usize > PUSH_BITS - BITS_MAX as usize {
            return repeats;
        }
        repeats.push(Repeat::new(bits));
    }
}

/// Header of the last block, with a code of its own (RFC 1951, 3.2.7).
fn block_header(lengths: &[u8], distance_lengths: &[u8]) -> Vec<Bits> {
    const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    // The lengths are told one by one, so that only their own symbols are needed.
    let told: Vec<u8> = lengths.iter().chain(distance_lengths).copied().collect();
    let mut weights = [0_u32; 19];
    told.iter().for_each(|&n| weights[n as usize] += 1);
    let code = code_lengths(&weights, 7);
    let symbols = canonical(&code);
    let mut header = vec![
        Bits::new(0b101, 3),
        Bits::new((lengths.len() - 257) as u64, 5),
        Bits::new((distance_lengths.len() - 1) as u64, 5),
        Bits::new(19 - 4, 4),
    ];
    header.extend(ORDER.map(|k| Bits::new(u64::from(code[k]), 3)));
    header.extend(told.iter().map(|&n| symbols[n as usize]));
    header
}

/// Bits that follow a literal, their number in the highest byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Repeat(u64);

impl Repeat {
    /// No match makes so few.
    const LITERALS: Self = Self(u64::MAX);

    const fn new(bits: Bits) -> Self {
        Self(bits.bits | (bits.n as u64) << PUSH_BITS)
    }

    #[inline(always)]
    const fn bits(self) -> Bits {
        Bits::new(self.0 & (u64::MAX >> (64 - PUSH_BITS)), (self.0 >> PUSH_BITS) as u32)
    }
}

/// Bits on their way into bytes that have room for them.
#[derive(Debug)]
struct BitWriter<'a> {
    room: &'a mut [u8],
    waiting: Waiting,
}

/// Where the next bits go.
#[derive(Clone, Copy, Debug, Default)]
struct Waiting {
    /// Bytes that are full.
    at: usize,
    /// Fewer than eight bits that do not fill a byte yet.
    bits: u64,
    n: u32,
}

/// Bytes that a push may write to.
const PUSH: usize = 8;
/// Most bits of a push, beside fewer than eight that wait.
const PUSH_BITS: usize = 56;

impl BitWriter<'_> {
    /// Writes up to 56 bits.
    #[inline(always)]
    fn push(&mut self, bits: Bits) {
        let Waiting { at, bits: before, n } = self.waiting;
        let word = before | bits.bits.wrapping_shl(n);
        let n = n.wrapping_add(bits.n);
        self.room[at..at.wrapping_add(PUSH)].copy_from_slice(&word.to_le_bytes());
        self.waiting = Waiting {
            at: at.wrapping_add((n >> 3) as usize),
            bits: word.wrapping_shr(n & !7),
            n: n & 7,
        };
    }

    /// Writes a byte `len` times.
    #[inline(always)]
    fn push_run(&mut self, coder: &Coder, value: u8, len: usize) {
        let literal = coder.literals[value as usize];
        match coder.repeats.get(len) {
            Some(&repeat) if repeat != Repeat::LITERALS => self.push(literal.then(repeat.bits())),
            _ => self.push_odd_run(coder, literal, len),
        }
    }

    /// A run that is too short or too long for one push.
    #[cold]
    fn push_odd_run(&mut self, coder: &Coder, literal: Bits, mut len: usize) {
        let (many, bytes) = coder.many;
        let in_one = coder.repeats.len();
        if len >= in_one {
            self.push(literal);
            while len >= in_one {
                self.push(many);
                len -= bytes;
            }
            self.push(coder.repeats[len].bits());
        } else {
            (0..len).for_each(|_| self.push(literal));
        }
    }
}

/// What the checksum of RFC 1950 is made of: the sum of all bytes, and the sum of all such sums
/// from the first byte on. A byte is in as many of these as there are bytes from itself to the
/// end: those of its row from itself on, and all of the rows after.
///
/// With at most 2^16 rows of at most 2^16 bytes nothing overflows before it is reduced.
#[derive(Clone, Copy, Debug, Default)]
struct Check {
    /// Sum of the bytes.
    mass: u64,
    /// The sums of the bytes before each row, summed.
    before_rows: u64,
    /// Sum of the bytes, each times those before it in its row.
    in_row: u64,
    /// Mass and moment about its beginning of the last row.
    row: [u64; 2],
}

impl Check {
    #[inline(always)]
    fn add_row(&mut self, row: [u64; 2]) {
        self.row = row;
        self.before_rows = self.before_rows.wrapping_add(self.mass);
        self.mass = self.mass.wrapping_add(row[0]);
        self.in_row = self.in_row.wrapping_add(row[1]);
    }

    #[inline(always)]
    fn add_empty_rows(&mut self, n: u32) {
        if n > 0 {
            self.row = [0; 2];
        }
        self.before_rows += u64::from(n) * self.mass;
    }

    /// The checksum of so many rows of so many bytes.
    fn value(&self, rows: u32, row: usize) -> u32 {
        let (rows, row) = (u64::from(rows), row as u64);
        let a = (1 + self.mass) % ADLER;
        let whole_rows = row % ADLER * ((self.mass + self.before_rows) % ADLER);
        let b = (rows * row % ADLER + whole_rows + ADLER - self.in_row % ADLER) % ADLER;
        (b << 16 | a) as u32
    }
}

/// A zlib stream on its way.
pub(crate) struct Stream<'a> {
    coder: &'a Coder,
    /// Bytes of the stream, and behind them room.
    out: &'a mut Vec<u8>,
    waiting: Waiting,
    /// Zeros that were not written yet.
    zeros: usize,
    /// Rows that were written.
    rows: u32,
    check: Check,
}

impl<'a> Stream<'a> {
    /// Begins behind the bytes that are there.
    pub(crate) fn new(coder: &'a Coder, out: &'a mut Vec<u8>) -> Self {
        // Deflate with a window of 32 KiB, at no particular pains.
        out.extend([0x78, 0x01]);
        let waiting = Waiting { at: out.len(), ..Waiting::default() };
        let mut stream = Self { coder, out, waiting, zeros: 0, rows: 0, check: Check::default() };
        stream.write(coder.header.len(), |writer| {
            coder.header.iter().for_each(|&bits| writer.push(bits));
        });
        stream
    }

    /// Writes with room for so many pushes.
    #[inline(always)]
    fn write<R>(&mut self, pushes: usize, push: impl FnOnce(&mut BitWriter<'_>) -> R) -> R {
        let wanted = self.waiting.at + PUSH * (pushes + 1);
        if self.out.len() < wanted {
            // What was there before is overwritten as far as it is used.
            self.out.resize(wanted.max(2 * self.out.len()).max(self.out.capacity()), 0);
        }
        let mut writer = BitWriter { room: self.out, waiting: self.waiting };
        let result = push(&mut writer);
        self.waiting = writer.waiting;
        result
    }

    /// Writes empty rows.
    pub(crate) fn empty_rows(&mut self, n: u32) {
        self.zeros += n as usize * self.coder.row;
        self.rows += n;
        self.check.add_empty_rows(n);
    }

    /// Writes a row: unfiltered, from runs of bytes; what is missing at its end is 0.
    pub(crate) fn row(&mut self, runs: &[Packed]) {
        let Some((&first, mut rest)) = runs.split_first() else { return self.empty_rows(1) };
        self.zeros += 1;
        let mut at = 0;
        if first & 0xff == 0 {
            at = (first >> 8) as usize;
            self.zeros += at;
        } else {
            rest = runs;
        }
        let (coder, zeros) = (self.coder, self.zeros);
        // A run is at most three pushes beside those of many matches.
        let pushes = 3 * (rest.len() + 1) + (zeros + coder.row) / coder.many.1;
        let sums = self.write(pushes, |writer| {
            writer.push_run(coder, 0, zeros);
            let mut sums = [0_u64; 2];
            for &run in rest {
                let (value, len) = (run as u8, (run >> 8) as usize);
                // No more than 8 bits by 24.
                let mass = u64::from(value).wrapping_mul(len as u64);
                let ends = at.wrapping_mul(2).wrapping_add(len).wrapping_sub(1);
                sums[0] = sums[0].wrapping_add(mass);
                // Twice the moment about the first pixel.
                sums[1] = sums[1].wrapping_add(mass.wrapping_mul(ends as u64));
                at = at.wrapping_add(len);
                writer.push_run(coder, value, len);
            }
            sums
        });
        // The byte of the filter stands before the first pixel.
        self.add_row([sums[0], sums[1] / 2 + sums[0]]);
        self.zeros = self.coder.row - 1 - at;
    }

    /// Whether a row of so many runs is better matched with the one before, if it is the same.
    #[inline(always)]
    pub(crate) fn pays_again(&self, runs: usize) -> bool {
        runs > 2 + self.coder.row / MATCH_MAX && !self.coder.above.is_empty()
    }

    /// Writes a row that is as the one before, if that pays.
    pub(crate) fn row_again(&mut self) {
        self.flush_zeros();
        let coder = self.coder;
        self.write(coder.row / MATCH_MAX + 2, |writer| {
            let mut left = coder.row;
            while left > 0 {
                // What is left over must not be too short for a match.
                let length = match left {
                    0..=MATCH_MAX => left,
                    261.. => MATCH_MAX,
                    _ => left - MATCH_MIN,
                };
                writer.push(coder.above[length]);
                left -= length;
            }
        });
        self.add_row(self.check.row);
    }

    /// Ends the stream.
    pub(crate) fn finish(mut self) {
        self.flush_zeros();
        let end = self.coder.end;
        self.write(1, |writer| writer.push(end));
        self.out.truncate(self.waiting.at + usize::from(self.waiting.n > 0));
        let checksum = self.check.value(self.rows, self.coder.row);
        self.out.extend(checksum.to_be_bytes());
    }

    fn add_row(&mut self, sums: [u64; 2]) {
        self.check.add_row(sums);
        self.rows += 1;
    }

    fn flush_zeros(&mut self) {
        if self.zeros > 0 {
            let (coder, zeros) = (self.coder, self.zeros);
            self.write(zeros / coder.many.1 + 5, |writer| writer.push_run(coder, 0, zeros));
            self.zeros = 0;
        }
    }
}
