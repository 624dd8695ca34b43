//! Scanning: where one of a few bytes stands, in texts that are mostly short.

/// Where the first of these bytes stands.
///
/// Most names and values are so short that to call a search for them costs more than it saves; here eight bytes at a time
/// are compared in one word.
pub(super) fn first_of<const N: usize>(text: &[u8], wanted: [u8; N]) -> Option<usize> {
    const LOWEST: u64 = 0x0101_0101_0101_0101;
    const HIGHEST: u64 = LOWEST << 7;
    let (words, rest) = text.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let found = wanted.iter().fold(0, |found, wanted| {
            // Of the bytes that are zero now, the lowest one borrows from no other, so that it is told exactly.
            let differs = word ^ (LOWEST * u64::from(*wanted));
            found | (differs.wrapping_sub(LOWEST) & !differs)
        }) & HIGHEST;
        if found != 0 {
            return Some(index * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    rest.iter().position(|it| wanted.contains(it)).map(|at| words.len() * 8 + at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_first_one_is_found(text in prop::collection::vec(prop_oneof![b'`'..=b'i', any::<u8>()], 0..60), wanted: [u8; 2]) {
            let wanted = [b'f', b'g', wanted[0], wanted[1]];
            prop_assert_eq!(first_of(&text, wanted), text.iter().position(|it| wanted.contains(it)));
        }
    }
}
