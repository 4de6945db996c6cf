//! Kubernetes quantities such as `7800m`, `31815572Ki` or `1e9`.

/// Thousandths of the unit, rounded down; `None` when the text is not a quantity.
pub fn milli(text: &str) -> Option<u64> {
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let number: f64 = number.parse().ok()?;
    let factor = match suffix {
        "n" => 1e-9,
        "u" => 1e-6,
        "m" => 1e-3,
        "" => 1.0,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "E" => 1e18,
        "Ki" => 1024.0,
        "Mi" => 1024f64.powi(2),
        "Gi" => 1024f64.powi(3),
        "Ti" => 1024f64.powi(4),
        "Pi" => 1024f64.powi(5),
        "Ei" => 1024f64.powi(6),
        exponent => 10f64.powi(exponent.strip_prefix(['e', 'E'])?.parse().ok()?),
    };
    // Adding a hair keeps 7.8 from becoming 7799.
    Some((number * factor * 1000.0 + 1e-6) as u64)
}

/// Whole units, rounded down.
pub fn whole(text: &str) -> Option<u64> {
    milli(text).map(|milli| milli / 1000)
}

#[cfg(test)]
mod tests {
    use super::{milli, whole};

    #[test]
    fn every_suffix_is_understood() {
        let cases = [
            ("4", 4_000),
            ("7800m", 7_800),
            ("7.8", 7_800),
            ("0", 0),
            ("2k", 2_000_000),
            ("1e3", 1_000_000),
            ("100u", 0),
            ("1Ki", 1_024_000),
        ];
        for (text, expected) in cases {
            assert_eq!(milli(text), Some(expected), "{text}");
        }
        assert_eq!(whole("31815572Ki"), Some(31_815_572 * 1024));
        assert_eq!(whole("16Gi"), Some(16 << 30));
        assert_eq!(whole("110"), Some(110));
    }

    #[test]
    fn what_is_not_a_quantity_is_refused() {
        for text in ["", "lots", "4 cores", "-1", "1.2.3", "5Q"] {
            assert_eq!(milli(text), None, "{text}");
        }
    }
}
