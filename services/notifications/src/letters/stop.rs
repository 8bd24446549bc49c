//! What mail programs are told of letters that can be ended.

/// The pages on which letters are ended. Their links, which are signed, stand in the letters.
const PAGES: [&str; 2] = ["/cart/letters/stop", "/notices/stop"];

/// The address that ends such letters as the one with this text by one click in a mail program (RFC 8058), if they can be
/// ended. It is read from the letter, which is what is kept: so one that is tried again weeks later has it, too.
pub fn one_click(text: &str, public_url: &str) -> Option<String> {
    PAGES.into_iter().find_map(|page| {
        // The last one is ours: what a shop writes stands above it.
        let (_, token) = text.rsplit_once(format!("{public_url}{page}?token=").as_str())?;
        let is_in_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let token = token.split(|c: char| !is_in_token(c)).next().filter(|token| !token.is_empty())?;
        Some(format!("{public_url}{page}/one-click?token={token}"))
    })
}

#[cfg(test)]
mod tests {
    use contracts::{cart::WishAvailable, notifications::Template};
    use kernel::{AccountId, CartId, VariantId};

    use super::*;
    use crate::{letters, model::Letter};

    const URL: &str = "https://souk.example";

    fn stop_of(letter: &Letter) -> Option<String> {
        let rendered = letter.render(words::english(), "Souk", URL).unwrap();
        one_click(&rendered.text, URL)
    }

    #[test]
    fn letters_that_can_be_ended_say_where() {
        let words = words::english();
        let left = letters::left_cart(words, "Ada", 2, "/cart/letters/stop?token=0190-ab.c0ffee", URL);
        let expected = "https://souk.example/cart/letters/stop/one-click?token=0190-ab.c0ffee";
        assert_eq!(stop_of(&left).as_deref(), Some(expected));
        assert_eq!(stop_of(&letters::left_cart(words, "Ada", 2, "", URL)), None, "from before there were such links");
        // Whatever a product is called: the letter's own link counts.
        let what = "Mug https://souk.example/notices/stop?token=bad".to_owned();
        let (path, stop) = ("/p/mug".to_owned(), "/notices/stop?token=c0ffee".to_owned());
        let back = letters::from_template(words, &Template::BackInStock { what, path, stop }, URL);
        let expected = "https://souk.example/notices/stop/one-click?token=c0ffee";
        assert_eq!(stop_of(&back).as_deref(), Some(expected));
        let wish = WishAvailable {
            cart_id: CartId::derived("test", &["cart"]),
            account_id: AccountId::derived("test", &["ada"]),
            variant_id: VariantId::derived("test", &["mug"]),
            product_slug: "mug".parse().unwrap(),
            title: "Mug".to_owned(),
            options: vec![],
        };
        assert_eq!(stop_of(&letters::back_in_stock(words, "Ada", &wish, URL)), None);
    }
}
