//! Stores and the rules about them.

use contracts::vendors::{StoreView, UpdateStore, VendorSnapshot, VendorStatus, VendorView};
use kernel::{AccountId, Country, Email, Error, Result, Slug, Timestamp, VendorId, VendorRole};

/// Most members of a store.
pub(crate) const MEMBERS_MAX: i64 = 50;

/// What an admin decides about a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Lets it open, for the first time or again.
    Approve,
    /// Turns it down.
    Reject,
    /// Closes it.
    Suspend,
}

impl Decision {
    /// As in "cannot be approved".
    pub(crate) fn participle(self) -> &'static str {
        match self {
            Self::Approve => "approved",
            Self::Reject => "turned down",
            Self::Suspend => "suspended",
        }
    }
}

/// The life of a store: where a decision leads from where it stands, if anywhere.
pub(crate) fn next(status: VendorStatus, decision: Decision) -> Option<VendorStatus> {
    use {Decision as D, VendorStatus as S};
    match (status, decision) {
        (S::Applied | S::Suspended | S::Rejected, D::Approve) => Some(S::Approved),
        (S::Applied, D::Reject) => Some(S::Rejected),
        (S::Approved, D::Suspend) => Some(S::Suspended),
        (S::Approved, D::Approve | D::Reject)
        | (S::Suspended | S::Rejected, D::Reject)
        | (S::Applied | S::Suspended | S::Rejected, D::Suspend) => None,
    }
}

/// A store.
#[derive(Debug, Clone)]
pub(crate) struct Vendor {
    pub(crate) id: VendorId,
    pub(crate) slug: Slug,
    pub(crate) name: String,
    pub(crate) tagline: String,
    pub(crate) story: String,
    pub(crate) policies: String,
    pub(crate) country: Country,
    pub(crate) city: String,
    pub(crate) contact_email: Email,
    pub(crate) logo_url: Option<String>,
    pub(crate) banner_url: Option<String>,
    pub(crate) status: VendorStatus,
    pub(crate) status_reason: Option<String>,
    pub(crate) commission_bp: i64,
    pub(crate) refused_methods: Vec<String>,
    pub(crate) owner_count: i64,
    pub(crate) member_count: i64,
    pub(crate) approved_at: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
    pub(crate) version: i64,
}

impl Vendor {
    /// What the public list is sorted by: the same order on every database.
    pub(crate) fn name_key(&self) -> String {
        Slug::from_title(&self.name, "store").as_str().to_owned()
    }

    /// What admins search in.
    pub(crate) fn search_text(&self) -> String {
        self.name.to_lowercase()
    }

    /// As everybody sees it.
    pub(crate) fn store_view(&self) -> StoreView {
        StoreView {
            id: self.id,
            slug: self.slug.clone(),
            name: self.name.clone(),
            tagline: self.tagline.clone(),
            story: self.story.clone(),
            policies: self.policies.clone(),
            country: self.country.clone(),
            city: self.city.clone(),
            logo_url: self.logo_url.clone(),
            banner_url: self.banner_url.clone(),
            since: self.approved_at.unwrap_or(self.created_at),
        }
    }

    /// As its members and the admins see it.
    pub(crate) fn view(&self) -> VendorView {
        VendorView {
            store: self.store_view(),
            status: self.status,
            status_reason: self.status_reason.clone(),
            contact_email: self.contact_email.clone(),
            commission_bp: self.commission_bp,
            refused_methods: self.refused_methods.clone(),
            created_at: self.created_at,
            version: self.version,
        }
    }

    /// What other services keep of it.
    pub(crate) fn snapshot(&self, owners: Vec<AccountId>) -> VendorSnapshot {
        VendorSnapshot {
            slug: self.slug.clone(),
            name: self.name.clone(),
            status: self.status,
            commission_bp: self.commission_bp,
            country: self.country.clone(),
            logo_url: self.logo_url.clone(),
            owners,
            refused_methods: self.refused_methods.clone(),
        }
    }

    /// The same store with another page. `page` went through [`clean_page`].
    pub(crate) fn with_page(&self, page: &UpdateStore) -> Self {
        Self {
            name: page.name.clone(),
            tagline: page.tagline.clone(),
            story: page.story.clone(),
            policies: page.policies.clone(),
            city: page.city.clone(),
            contact_email: page.contact_email.clone(),
            logo_url: page.logo_url.clone(),
            banner_url: page.banner_url.clone(),
            ..self.clone()
        }
    }
}

/// A page without blanks around its texts; refuses what cannot be shown.
pub(crate) fn clean_page(page: UpdateStore) -> Result<UpdateStore> {
    let name = clean_line("name", &page.name)?;
    if name.chars().count() < 2 {
        return Err(Error::invalid("name", "Enter a name of at least 2 characters."));
    }
    Ok(UpdateStore {
        name,
        tagline: clean_line("tagline", &page.tagline)?,
        story: clean_text("story", &page.story)?,
        policies: clean_text("policies", &page.policies)?,
        city: clean_line("city", &page.city)?,
        contact_email: page.contact_email,
        logo_url: clean_picture("logo_url", page.logo_url)?,
        banner_url: clean_picture("banner_url", page.banner_url)?,
    })
}

fn clean_line(field: &str, text: &str) -> Result<String> {
    if text.trim().chars().any(char::is_control) {
        return Err(Error::invalid(field, "Use one line, without control characters."));
    }
    Ok(text.trim().to_owned())
}

fn clean_text(field: &str, text: &str) -> Result<String> {
    let text = text.replace("\r\n", "\n");
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Error::invalid(field, "Use plain text, without control characters."));
    }
    Ok(text.trim().to_owned())
}

/// Pictures come from our own media store, so that a page never loads anything from elsewhere.
fn clean_picture(field: &str, url: Option<String>) -> Result<Option<String>> {
    let Some(url) = url.filter(|u| !u.trim().is_empty()) else { return Ok(None) };
    let plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    match url.strip_prefix("/media/") {
        Some(name) if name.split('/').all(plain) => Ok(Some(url)),
        _ => Err(Error::invalid(field, "Upload the picture first and use the address it was given: /media/…")),
    }
}

/// Statuses as they are stored.
pub(crate) fn status_text(status: VendorStatus) -> &'static str {
    match status {
        VendorStatus::Applied => "applied",
        VendorStatus::Approved => "approved",
        VendorStatus::Suspended => "suspended",
        VendorStatus::Rejected => "rejected",
    }
}

/// Statuses as they were stored.
pub(crate) fn status_of(text: &str) -> Result<VendorStatus> {
    match text {
        "applied" => Ok(VendorStatus::Applied),
        "approved" => Ok(VendorStatus::Approved),
        "suspended" => Ok(VendorStatus::Suspended),
        "rejected" => Ok(VendorStatus::Rejected),
        other => Err(Error::internal(format!("vendor status {other:?}"))),
    }
}

/// Roles as they are stored.
pub(crate) fn role_text(role: VendorRole) -> &'static str {
    match role {
        VendorRole::Staff => "staff",
        VendorRole::Owner => "owner",
    }
}

/// Roles as they were stored.
pub(crate) fn role_of(text: &str) -> Result<VendorRole> {
    match text {
        "staff" => Ok(VendorRole::Staff),
        "owner" => Ok(VendorRole::Owner),
        other => Err(Error::internal(format!("vendor role {other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_life_of_a_store() {
        use {Decision as D, VendorStatus as S};
        let all = [S::Applied, S::Approved, S::Suspended, S::Rejected];
        let row = |decision| all.map(|status| next(status, decision));
        assert_eq!(row(D::Approve), [Some(S::Approved), None, Some(S::Approved), Some(S::Approved)]);
        assert_eq!(row(D::Reject), [Some(S::Rejected), None, None, None]);
        assert_eq!(row(D::Suspend), [None, Some(S::Suspended), None, None]);
        for status in all {
            assert_eq!(status_of(status_text(status)).unwrap(), status);
        }
    }

    #[test]
    fn pictures_come_from_our_own_store() {
        let clean = |url: &str| clean_picture("logo_url", Some(url.to_owned()));
        assert_eq!(clean("/media/ab12-800.jpg").unwrap().unwrap(), "/media/ab12-800.jpg");
        assert_eq!(clean(" ").unwrap(), None);
        for bad in [
            "javascript:alert(1)",
            "https://evil.example/x.png",
            "//evil.example/x.png",
            "/media/",
            "/media/../secret",
            "/media/a b",
            "/media/a\"onerror=",
            "media/a.jpg",
        ] {
            assert_eq!(clean(bad).unwrap_err().fields()[0].field, "logo_url", "{bad}");
        }
    }
}
