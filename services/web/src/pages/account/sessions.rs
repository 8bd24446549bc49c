//! Where the customer is logged in.

use askama::Template;
use contracts::identity::SessionView;
use kernel::SessionId;

use crate::{
    forms::Posted,
    render::{self, Shown},
    session::Message,
    ui::{Shell, Tabs, When},
    visit::{Path, Visit},
};

/// One log-in.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The browser, as it names itself.
    pub browser: String,
    /// Logged in at.
    pub since: When,
    /// Last used at.
    pub seen: When,
    /// True for this one.
    pub current: bool,
    /// Where it is ended.
    pub action: String,
}

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "account/sessions.html")]
pub struct LogIns {
    /// Head and foot.
    pub shell: Shell,
    /// The other pages.
    pub tabs: Tabs,
    /// The log-ins.
    pub entries: Vec<Entry>,
}

/// `GET /account/sessions`
pub async fn list(mut visit: Visit) -> Shown {
    visit.account()?;
    let (app, who, fmt) = (visit.app.clone(), visit.who(), visit.fmt);
    let (shell, sessions) = futures::join!(visit.shell("Log-ins"), app.identity.sessions(&who));
    let entry = |session: &SessionView| Entry {
        browser: browser(&session.user_agent),
        since: fmt.when(session.created_at),
        seen: fmt.when(session.last_seen_at),
        current: session.current,
        action: format!("/account/sessions/{}/end", session.id),
    };
    let page = LogIns {
        shell: Shell { private: true, ..shell },
        tabs: super::tabs("/account/sessions"),
        entries: sessions?.iter().map(entry).collect(),
    };
    render::page(&page)
}

/// `POST /account/sessions/{id}/end`
pub async fn end(Path(id): Path<SessionId>, Posted { mut visit, .. }: Posted) -> Shown {
    let me = visit.account()?;
    visit.app.identity.end_session(&visit.who(), id).await?;
    if me.session_id == id {
        visit.end_session().await?;
        return Ok(visit.go("/login?out=1"));
    }
    visit.say(Message::good("That device is logged out.")).await?;
    Ok(visit.go("/account/sessions"))
}

/// `Firefox on Linux`, as far as the browser's name for itself tells.
fn browser(user_agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    // The order matters: nearly every browser also says that it is the ones below it.
    let name = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (name, system) {
        (Some(name), Some(system)) => format!("{name} on {system}"),
        (Some(name), None) => name.to_owned(),
        (None, _) if user_agent.is_empty() => "A browser that does not say its name".to_owned(),
        (None, _) => user_agent.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_are_called_by_their_names() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        assert_eq!(browser(chrome), "Chrome on Linux");
        assert_eq!(browser(&format!("{chrome} Edg/140.0")), "Edge on Linux");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1";
        assert_eq!(browser(phone), "Safari on iPhone");
        assert_eq!((browser("curl/8.9").as_str(), browser("robot").as_str()), ("curl", "robot"));
    }
}
