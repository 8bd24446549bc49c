//! Which passwords are accepted: long enough, and none that everybody tries first.

use kernel::{Email, Error, Result, Secret};

const CHARS_MIN: usize = 8;
const CHARS_MAX: usize = 128;

/// One per line, in lower case, sorted.
const COMMON: &str = include_str!("common.txt");

/// Refuses a new password that is too short, too long or easily guessed. `field` is where it was entered.
pub(crate) fn check_policy(field: &str, password: &Secret, email: Option<&Email>) -> Result<()> {
    let text = password.expose();
    let refuse = |reason: &str| Err(Error::invalid(field, reason));
    match text.chars().count() {
        n if n < CHARS_MIN => return refuse("Use at least 8 characters."),
        n if n > CHARS_MAX => return refuse("Use at most 128 characters."),
        _ => {}
    }
    let folded = text.to_lowercase();
    if is_common(&folded) || is_one_character(&folded) {
        return refuse("This is one of the passwords that are guessed first. Choose another.");
    }
    if let Some(email) = email
        && (folded == email.as_str() || email.as_str().split('@').next() == Some(folded.as_str()))
    {
        return refuse("The password must not be your e-mail address.");
    }
    Ok(())
}

fn is_common(folded: &str) -> bool {
    COMMON.lines().any(|line| line == folded)
}

fn is_one_character(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_none_or(|first| chars.all(|c| c == first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(password: &str) -> Option<String> {
        let email: Email = "grace.hopper@example.com".parse().unwrap();
        check_policy("new", &Secret::new(password), Some(&email)).err().map(|e| {
            assert_eq!(e.fields()[0].field, "new");
            e.fields()[0].reason.clone()
        })
    }

    #[test]
    fn the_rules() {
        assert_eq!(reason("short77").unwrap(), "Use at least 8 characters.");
        assert_eq!(reason(&"ä".repeat(129)).unwrap(), "Use at most 128 characters.");
        for guessed in ["Password", "12345678", "QWERTYUIOP", "aaaaaaaa", "ZZZZZZZZZZZZ", "iloveyou1", "p@ssw0rd"] {
            assert!(reason(guessed).unwrap().starts_with("This is one of"), "{guessed}");
        }
        for own in ["grace.hopper", "Grace.Hopper@example.com"] {
            assert_eq!(reason(own).unwrap(), "The password must not be your e-mail address.");
        }
        for fine in ["eight ok", "päßword-with-ümlauts", "        x", &"ab".repeat(64)] {
            assert_eq!(reason(fine), None, "{fine}");
        }
    }

    #[test]
    fn the_list_is_tidy() {
        let lines: Vec<&str> = COMMON.lines().collect();
        assert!(lines.windows(2).all(|pair| pair[0] < pair[1]), "sorted, without doubles");
        assert!(lines.iter().all(|l| l.chars().count() >= CHARS_MIN && *l == l.to_lowercase()));
    }
}
