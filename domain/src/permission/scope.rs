//! What a program may read of an association with a token. As OAuth 2.0 writes scopes (RFC 6749, section 3.3): words, with spaces between.

use std::fmt;

/// At least one of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Each gathering, with its notes.
    Gatherings,
    /// Sums only.
    Figures,
    Both,
}

impl Scope {
    pub const ALL: [Scope; 3] = [Scope::Gatherings, Scope::Figures, Scope::Both];

    pub const fn has_gatherings(self) -> bool {
        matches!(self, Scope::Gatherings | Scope::Both)
    }

    pub const fn has_figures(self) -> bool {
        matches!(self, Scope::Figures | Scope::Both)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Scope::Gatherings => "gatherings",
            Scope::Figures => "figures",
            Scope::Both => "gatherings figures",
        }
    }

    /// The words may come in any order; one that nobody knows makes it none.
    pub fn parse(text: &str) -> Option<Scope> {
        let (mut gatherings, mut figures) = (false, false);
        for word in text.split(' ') {
            match word {
                "gatherings" if !gatherings => gatherings = true,
                "figures" if !figures => figures = true,
                _ => return None,
            }
        }
        match (gatherings, figures) {
            (true, true) => Some(Scope::Both),
            (true, false) => Some(Scope::Gatherings),
            (false, true) => Some(Scope::Figures),
            (false, false) => None,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_its_words_in_any_order_and_no_others() {
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.name()), Some(scope));
            assert!(scope.has_gatherings() || scope.has_figures());
        }
        assert_eq!(Scope::parse("figures gatherings"), Some(Scope::Both));
        for wrong in ["", " ", "members", "gatherings members", "figures figures", "Figures", "gatherings,figures"] {
            assert_eq!(Scope::parse(wrong), None, "{wrong}");
        }
    }
}
