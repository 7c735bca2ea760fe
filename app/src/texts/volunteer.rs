//! The volunteer's words. Plain; never "synkronointi", "offline", "jono", "palvelin".

super::texts!("volunteer");
