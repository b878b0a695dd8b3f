//! Prefix codes of DEFLATE from the weights of symbols.

/// Bits that DEFLATE allows for a symbol of literals, lengths or distances.
pub(crate) const BITS_MAX: u8 = 15;

/// Lengths in bits of a code in which heavier symbols are shorter (Huffman 1952); 0 for symbols
/// without weight. At least two symbols have weight.
///
/// If a code is too long, weights are drawn nearer to each other and it is tried again.
pub(crate) fn code_lengths(weights: &[u32], bits_max: u8) -> Vec<u8> {
    let mut weights: Vec<u64> = weights.iter().map(|&w| u64::from(w)).collect();
    loop {
        let lengths = huffman(&weights);
        if lengths.iter().all(|&bits| bits <= bits_max) {
            return lengths;
        }
        for w in &mut weights {
            *w = (*w).div_ceil(2);
        }
    }
}

fn huffman(weights: &[u64]) -> Vec<u8> {
    /// A tree: its weight, a number to tell equal weights apart, the symbols in it.
    type Tree = (u64, usize, Vec<usize>);
    let mut lengths = vec![0_u8; weights.len()];
    let mut trees: Vec<Tree> =
        (0..).zip(weights).filter(|(_, w)| **w > 0).map(|(s, w)| (*w, s, vec![s])).collect();
    let mut number = weights.len();
    // Lightest last.
    trees.sort_by(|a, b| b.cmp(a));
    while let (Some(a), Some(b)) = (trees.pop(), trees.pop()) {
        let symbols: Vec<usize> = a.2.into_iter().chain(b.2).collect();
        symbols.iter().for_each(|&s| lengths[s] += 1);
        if trees.is_empty() {
            break;
        }
        let joined = (a.0 + b.0, number, symbols);
        number += 1;
        let at = trees.partition_point(|tree| (tree.0, tree.1) > (joined.0, joined.1));
        trees.insert(at, joined);
    }
    lengths
}

/// A symbol's code as it goes into the stream, its first bit lowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bits {
    pub(crate) bits: u64,
    pub(crate) n: u32,
}

impl Bits {
    pub(crate) const fn new(bits: u64, n: u32) -> Self {
        Self { bits, n }
    }

    /// These and then those: no more than 64.
    #[inline(always)]
    pub(crate) const fn then(self, next: Self) -> Self {
        let bits = self.bits | next.bits.wrapping_shl(self.n);
        Self { bits, n: self.n.wrapping_add(next.n) }
    }
}

/// The codes of symbols from their lengths (RFC 1951, 3.2.2).
pub(crate) fn canonical(lengths: &[u8]) -> Vec<Bits> {
    let mut next = [0_u32; BITS_MAX as usize + 2];
    for &n in lengths.iter().filter(|&&n| n > 0) {
        next[n as usize + 1] += 1;
    }
    for n in 1..next.len() {
        next[n] = (next[n] + next[n - 1]) << 1;
    }
    // `next[n]` is now the first code of `n` bits.
    let code = |&n: &u8| {
        if n == 0 {
            return Bits::default();
        }
        let code = &mut next[n as usize];
        let bits = code.reverse_bits() >> (32 - u32::from(n));
        *code += 1;
        Bits::new(u64::from(bits), u32::from(n))
    };
    lengths.iter().map(code).collect()
}
