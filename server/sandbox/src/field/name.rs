//! Names that nobody has to invent: hashes and UUIDs.

/// A number that is the same for the same text in every run.
pub fn hash(text: &str) -> u64 {
    let mut sum = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    for _ in 0..2 {
        sum ^= sum >> 33;
        sum = sum.wrapping_mul(0xff51_afd7_ed55_8ccd);
    }
    sum ^ (sum >> 29)
}

/// A UUID that is the same for the same text in every run.
pub fn uuid(text: &str) -> String {
    let high = hash(text);
    let low = hash(&format!("{text}/low"));
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        (low >> 52) & 0xfff,
        low & 0xffff_ffff_ffff
    )
}

/// A UUID never seen before.
pub fn fresh_uuid() -> String {
    uuid(&format!("{:x}", rand::random::<u128>()))
}
