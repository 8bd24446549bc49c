//! What is offered where nothing is found, and what is remembered of it.

use std::time::Duration;

use contracts::search::{FewerWords, Instead, MissedReport, NearCategory};
use kernel::Clock;
use testkit::TestApp;

use super::{a_market, search, with_both_engines};

const REPORT: &str = "/api/v1/admin/search/missed";

async fn instead(app: &TestApp, query: &str) -> Instead {
    let page = search(app, query).await;
    assert_eq!(page.total, 0, "{query}");
    page.instead.unwrap()
}

fn fewer(words: &str, total: u64) -> FewerWords {
    FewerWords { words: words.to_owned(), total }
}

fn near(all: &[(&str, &str)]) -> Vec<NearCategory> {
    all.iter().map(|(slug, name)| NearCategory { slug: (*slug).to_owned(), name: (*name).to_owned() }).collect()
}

async fn report(app: &TestApp, query: &str) -> MissedReport {
    app.as_user(&testkit::admin()).get(&format!("{REPORT}{query}")).await.expect(200).json()
}

#[tokio::test]
async fn fewer_words_and_near_categories_are_offered() {
    with_both_engines(|app| async move {
        a_market(&app).await;
        let partial = search(&app, "q=blue+headphones").await;
        assert!(partial.partial && partial.instead.is_none(), "what has all but one is shown at once");
        assert!(!search(&app, "q=blue+mug").await.partial);

        let told = instead(&app, "q=linen+ceramic+headphones").await;
        assert_eq!(told.fewer_words, [fewer("linen", 1), fewer("headphones", 1), fewer("ceramic", 2)]);
        assert_eq!(told.categories[0], near(&[("home", "Home")])[0], "where most of what has one of them is");
        assert_eq!((told.did_you_mean, told.without_choices), (None, 0));

        let told = instead(&app, "q=kichten").await;
        assert_eq!(told.did_you_mean.as_deref(), Some("kitchen"), "too far away to be searched unasked");
        assert_eq!((told.categories, told.fewer_words), (near(&[("kitchen", "Kitchen")]), vec![]));
        assert_eq!(instead(&app, "q=lin").await.did_you_mean, None);
        assert_eq!(
            instead(&app, "q=mog").await.did_you_mean.as_deref(),
            Some("mug"),
            "too short to be corrected unasked"
        );

        let told = instead(&app, "q=mug&vendor=weaver").await;
        assert_eq!(told, Instead { without_choices: 1, ..Instead::default() });
        assert!(search(&app, "vendor=nobody").await.instead.is_none(), "without words there are only choices");
    })
    .await;
}

#[tokio::test]
async fn what_is_not_found_is_counted_without_anybody() {
    with_both_engines(|app| async move {
        a_market(&app).await;
        for _ in 0..3 {
            search(&app, "q=Xylophone").await;
            search(&app, "q=mug").await;
        }
        for query in
            ["q=hammock", "q=ada@example.com", "q=0170+1234567", "q=xylophone&vendor=potter", "category=nowhere"]
        {
            search(&app, query).await;
        }
        let today = report(&app, "?days=1").await;
        assert_eq!((today.searches.total, today.missed.total), (9, 6));
        let told = |report: &MissedReport| -> Vec<(String, i64, i64)> {
            report.terms.iter().map(|term| (term.words.clone(), term.times, term.previous)).collect()
        };
        assert_eq!(told(&today), [("xylophone".to_owned(), 3, 0)], "what was looked for once is nobody's business");
        assert_eq!(today.terms[0].last, app.clock.now().date());
        assert_eq!(app.count("search", "SELECT count(*) FROM missed_terms").await, 2);
        assert_eq!(
            app.count("search", "SELECT count(*) FROM missed_terms WHERE term LIKE '%ada%' OR term LIKE '%017%'").await,
            0
        );

        app.clock.advance(Duration::from_secs(24 * 3_600));
        for _ in 0..4 {
            search(&app, "q=xylophone").await;
        }
        let next = report(&app, "?days=1").await;
        assert_eq!(
            (next.missed.total, next.missed.previous, told(&next)),
            (4, 6, vec![("xylophone".to_owned(), 4, 3)])
        );
        assert_eq!(report(&app, "?days=30").await.terms[0].times, 7);
        assert_eq!(report(&app, "").await.missed.days.len(), 30);
    })
    .await;
}

#[tokio::test]
async fn the_report_is_a_file_too_and_for_admins_alone() {
    with_both_engines(|app| async move {
        a_market(&app).await;
        for _ in 0..3 {
            search(&app, "q=hang+matte").await;
        }
        let file = app.as_user(&testkit::admin()).get(&format!("{REPORT}.csv?days=7")).await;
        assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
        let day = app.clock.now().date();
        assert_eq!(file.expect(200).text(), format!("words,times,times_before,last_day\r\nhang matte,3,0,{day}\r\n"));
        for path in [REPORT.to_owned(), format!("{REPORT}.csv")] {
            app.guest().get(&path).await.expect_problem(401, "unauthenticated");
            app.as_user(&testkit::customer("Bob")).get(&path).await.expect_problem(403, "forbidden");
            app.as_user(&testkit::admin()).get(&format!("{path}?days=367")).await.expect_invalid("days");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_old_is_forgotten() {
    with_both_engines(|app| async move {
        app.settle().await;
        for _ in 0..3 {
            search(&app, "q=hammock").await;
        }
        report(&app, "").await;
        app.advance(Duration::from_secs(700 * 24 * 3_600)).await;
        assert_eq!(app.count("search", "SELECT count(*) FROM missed_terms").await, 1);
        app.advance(Duration::from_secs(40 * 24 * 3_600)).await;
        assert_eq!(app.count("search", "SELECT count(*) FROM missed_terms").await, 0);
        assert_eq!(app.count("search", "SELECT count(*) FROM searches_daily").await, 0);
    })
    .await;
}
