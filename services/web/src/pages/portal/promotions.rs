//! What the pages of promotions share: the list with what was used of each, the form, and reading it.

use askama::Template;
use contracts::{
    orders::VendorOrderView,
    price_lists::CustomerGroup,
    promotions::{AppliedPromotion, Effect, PromotionInput, PromotionView},
};
use kernel::{Currency, Money, PromoCode, Result, Slug};

use super::{Form, Ticks, fields};
use crate::{
    fmt::Fmt,
    forms::{Fields, Reader},
    ui::{Badge, Cell, Check, Column, Empty, Field, Filled, Html, Link, Row, Table, Tone, component},
};

/// How much of a limit is used, in words and as a bar; words alone without a limit.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<span class="num">{{ text }}</span>{% if let Some(most) = most %}<progress value="{{ used }}" max="{{ most }}" aria-hidden="true"></progress>{% endif %}"#,
    ext = "html"
)]
struct Gauge {
    text: String,
    used: i64,
    most: Option<i64>,
}

component!(Gauge);

/// The list. `base` is the address of the portal, `owner` says whose a promotion is.
pub fn table(
    fmt: &Fmt,
    base: &str,
    promotions: &[PromotionView],
    owner: impl Fn(&PromotionView) -> Option<String>,
) -> Table {
    let columns = ["Promotion", "State", "Takes off", "Used", "Spent", "Until", ""].map(Column::new);
    let empty = Empty::new(
        "tag",
        "No promotions yet",
        "A promotion takes something off at checkout: by a code that you hand out, or by itself for every cart that qualifies.",
    )
    .action("Create a promotion", format!("{base}/promotions/new"));
    let rows = promotions.iter().map(|promotion| row(fmt, base, promotion, owner(promotion))).collect();
    Table::new("Promotions", columns.into(), rows, empty).target("#list")
}

fn row(fmt: &Fmt, base: &str, promotion: &PromotionView, owner: Option<String>) -> Row {
    let (input, href) = (&promotion.input, format!("{base}/promotions/{}", promotion.id));
    let money = |minor| fmt.money(Money::new(minor, input.currency));
    let code = input.code.as_ref().map_or_else(|| "Applies by itself".to_owned(), |code| format!("Code {code}"));
    let groups: Vec<&str> = input.groups.iter().map(Slug::as_str).collect();
    let groups = (!groups.is_empty()).then(|| format!("For {}", groups.join(", ")));
    let under = [Some(code), groups, owner].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let uses = match input.max_uses {
        Some(most) => format!("{} of {}", fmt.count(promotion.uses), fmt.count(most)),
        None => fmt.counted(promotion.uses, "time", "times"),
    };
    let spent = match input.budget_minor {
        Some(budget) => format!("{} of {}", fmt.money(promotion.spent), money(budget)),
        None => fmt.money(promotion.spent),
    };
    let gauge = |text, used, most| Cell::Html(Html::of(&Gauge { text, used, most }));
    Row {
        id: promotion.id.to_string(),
        cells: vec![
            Cell::Link(Link::new(&input.name, &href), under),
            Cell::Badge(state(fmt, promotion)),
            Cell::text(effect(fmt, &input.effect, input.currency)),
            gauge(uses, promotion.uses, input.max_uses),
            gauge(spent, promotion.spent.amount_minor, input.budget_minor),
            input.ends_at.map_or_else(|| Cell::text("You end it"), |at| Cell::When(fmt.when(at))),
            Cell::Actions(vec![Link::new("Change", &href), Link::new("End", format!("{href}/end"))]),
        ],
    }
}

fn state(fmt: &Fmt, promotion: &PromotionView) -> Badge {
    let input = &promotion.input;
    let used_up = input.max_uses.is_some_and(|most| promotion.uses >= most)
        || input.budget_minor.is_some_and(|budget| promotion.spent.amount_minor >= budget);
    if input.starts_at > fmt.now() {
        Badge::new("To come", Tone::Accent)
    } else if !promotion.active {
        Badge::new("Over", Tone::Neutral)
    } else if used_up {
        Badge::new("Used up", Tone::Warning)
    } else {
        Badge::new("Running", Tone::Success)
    }
}

/// `10 % off`, `Buy 2, get 1`.
pub fn effect(fmt: &Fmt, effect: &Effect, currency: Currency) -> String {
    let money = |minor| fmt.money(Money::new(minor, currency));
    match effect {
        Effect::Percent { percent_bp } => format!("{} off", fmt.percent(*percent_bp)),
        Effect::AmountOff { amount_minor } => format!("{} off", money(*amount_minor)),
        Effect::UnitPrice { amount_minor } => format!("{} each", money(*amount_minor)),
        Effect::BuyGet { buy, get } => format!("Buy {buy}, get {get}"),
        Effect::FreeShipping => "Free delivery".to_owned(),
    }
}

/// Names of the form's fields that an error may lead to.
pub const LABELS: &[&str] = &[
    "name",
    "code",
    "effect",
    "percent_bp",
    "amount",
    "buy",
    "get",
    "starts_at",
    "ends_at",
    "minimum",
    "max_uses",
    "max_uses_per_customer",
    "budget",
    "priority",
    "platform_share_bp",
    "groups",
];

/// What ending one does.
pub const END_EFFECT: &str =
    "Nobody gets it any more from now on, and its code is free for another promotion. Orders already placed keep it.";

/// What the form calls a field of the API.
pub fn field_of(field: &str) -> String {
    match field.split(['[', '.']).next().unwrap_or_default() {
        "minimum_minor" => "minimum",
        "budget_minor" => "budget",
        "effect" if field.ends_with("percent_bp") => "percent_bp",
        "effect" if field.ends_with("amount_minor") => "amount",
        other => other,
    }
    .to_owned()
}

/// What a form begins with: that of a promotion, or nothing but today.
pub fn beginning(fmt: &Fmt, promotion: Option<&PromotionView>) -> Filled {
    let Some(PromotionView { input, version, .. }) = promotion else {
        let pairs = [
            ("starts_at", fmt.now().date()),
            ("effect", "percent".to_owned()),
            ("platform_share_bp", "100".to_owned()),
        ];
        return Filled::with(pairs);
    };
    let money = |minor| Money::new(minor, input.currency).decimal();
    let number = |number: Option<i64>| number.map(|n| n.to_string()).unwrap_or_default();
    let tick = |ticked: bool| if ticked { "yes".to_owned() } else { String::new() };
    let (kind, percent, amount, buy, get) = match &input.effect {
        Effect::Percent { percent_bp } => ("percent", fields::percent(*percent_bp), String::new(), None, None),
        Effect::AmountOff { amount_minor } => ("amount_off", String::new(), money(*amount_minor), None, None),
        Effect::UnitPrice { amount_minor } => ("unit_price", String::new(), money(*amount_minor), None, None),
        Effect::BuyGet { buy, get } => ("buy_get", String::new(), String::new(), Some(*buy), Some(*get)),
        Effect::FreeShipping => ("free_shipping", String::new(), String::new(), None, None),
    };
    Filled::with([
        ("version", version.to_string()),
        ("name", input.name.clone()),
        ("code", input.code.as_ref().map(PromoCode::to_string).unwrap_or_default()),
        ("effect", kind.to_owned()),
        ("percent_bp", percent),
        ("amount", amount),
        ("buy", number(buy)),
        ("get", number(get)),
        ("starts_at", input.starts_at.date()),
        ("ends_at", input.ends_at.map(fields::last_day).unwrap_or_default()),
        ("minimum", if input.minimum_minor == 0 { String::new() } else { money(input.minimum_minor) }),
        ("max_uses", number(input.max_uses)),
        ("max_uses_per_customer", number(input.max_uses_per_customer)),
        ("budget", input.budget_minor.map(money).unwrap_or_default()),
        ("priority", input.priority.to_string()),
        ("platform_share_bp", fields::percent(input.platform_share_bp)),
        ("first_order", tick(input.first_order)),
        ("advertised", tick(input.advertised)),
        ("exclusive", tick(input.exclusive)),
    ])
}

/// What a promotion applies to, by the name of the form's field.
#[derive(Default)]
pub struct Chosen([(&'static str, Vec<String>); 4]);

impl Chosen {
    /// What a promotion applies to.
    pub fn of(promotion: &PromotionView) -> Self {
        let input = &promotion.input;
        Self([
            ("product_ids", input.product_ids.iter().map(ToString::to_string).collect()),
            ("category_ids", input.category_ids.iter().map(ToString::to_string).collect()),
            ("vendor_ids", input.vendor_ids.iter().map(ToString::to_string).collect()),
            ("groups", input.groups.iter().map(ToString::to_string).collect()),
        ])
    }
    /// What was ticked.
    pub fn sent(sent: &Fields) -> Self {
        Self(
            ["product_ids", "category_ids", "vendor_ids", "groups"]
                .map(|name| (name, sent.all(name).map(str::to_owned).collect())),
        )
    }
}

/// What can be ticked: ids and names.
pub struct Choice {
    /// Name of the form's field.
    pub name: &'static str,
    /// What stands above it.
    pub legend: &'static str,
    /// What choosing nothing means.
    pub hint: &'static str,
    /// Ids and names.
    pub all: Vec<(String, String)>,
}

impl Choice {
    /// The groups of customers that it can be for; none if there are none.
    pub fn of_groups(groups: Vec<CustomerGroup>) -> Option<Self> {
        let all: Vec<_> = groups.into_iter().map(|group| (group.key.to_string(), group.name)).collect();
        (!all.is_empty()).then_some(Self {
            name: "groups",
            legend: "For which customers",
            hint: "Those in one of the groups ticked; none ticked means everybody.",
            all,
        })
    }
}

/// What it applies to. What is chosen and cannot be shown, for there is too much to choose from or nobody says what
/// there is, stays chosen: without it a promotion would apply to everything.
fn with_choices(mut form: Form, filled: &Filled, chosen: &Chosen, choices: Vec<Choice>) -> Form {
    let is_shown = |id: &String| choices.iter().flat_map(|choice| &choice.all).any(|(shown, _)| shown == id);
    for (name, ids) in &chosen.0 {
        for id in ids.iter().filter(|id| !is_shown(id)) {
            form = form.hidden(name, id);
        }
    }
    for Choice { name, legend, hint, all } in choices {
        let is_ticked = |id: &String| chosen.0.iter().any(|(of, ids)| *of == name && ids.contains(id));
        form = form.with(&Ticks {
            name: name.to_owned(),
            legend: legend.to_owned(),
            hint: hint.to_owned(),
            ticks: all.into_iter().map(|(id, text)| (id.clone(), text, is_ticked(&id))).collect(),
            error: filled.error(name).map(str::to_owned),
        });
    }
    form
}

/// The form of a promotion in `currency`. What it applies to is chosen from `choices`; an admin also says who pays.
pub fn form(
    form: Form,
    currency: Currency,
    filled: &Filled,
    chosen: &Chosen,
    choices: Vec<Choice>,
    by_admin: bool,
) -> Form {
    let symbol = currency.symbol();
    let effects = [
        ("percent", "A percentage off"),
        ("amount_off", "An amount off"),
        ("unit_price", "A fixed price for each"),
        ("buy_get", "Buy some, get the cheapest free"),
        ("free_shipping", "Free delivery"),
    ];
    let what = vec![
        Field::text("name", "Name that buyers see").max_length(80).hint("Such as Welcome.").filled(filled),
        Field::text("code", "Code")
            .optional()
            .max_length(40)
            .hint("What a buyer types. Without one it applies by itself.")
            .filled(filled),
        Field::select("effect", "What it does", effects).filled(filled),
        Field::text("percent_bp", "Percentage").optional().keyboard("decimal").class("num").after("%").filled(filled),
        Field::amount("amount", "Amount, or price of each", symbol).optional().filled(filled),
        Field::number("buy", "Buy").optional().between(1, 100).filled(filled),
        Field::number("get", "Get free").optional().between(1, 100).filled(filled),
    ];
    let when = vec![
        Field::date("starts_at", "First day").filled(filled),
        Field::date("ends_at", "Last day").optional().hint("Runs until you end it if left empty.").filled(filled),
        Field::amount("minimum", "From this value on", symbol)
            .optional()
            .hint("Of the things it applies to.")
            .filled(filled),
        Field::number("max_uses", "Orders that may have it").optional().filled(filled),
        Field::number("max_uses_per_customer", "Orders of one customer").optional().filled(filled),
        Field::amount("budget", "Most it may take off in all", symbol).optional().filled(filled),
        Field::number("priority", "Priority")
            .optional()
            .between(-1000, 1000)
            .hint("Smaller ones come first, the next ones count on what is left.")
            .filled(filled),
    ];
    let mut form = form.hidden("version", filled.value("version")).fields(what).fields(when);
    if by_admin {
        let share =
            Field::text("platform_share_bp", "Share that the marketplace pays").keyboard("decimal").class("num");
        form = form.fields(vec![share.after("%").hint("The vendors bear the rest.").filled(filled)]);
    }
    with_choices(form, filled, chosen, choices)
        .with(&Check::new("first_order", "Only for a first order").filled(filled))
        .with(&Check::new("advertised", "Show it to everybody on the front page, with its code").filled(filled))
        .with(&Check::new("exclusive", "Never together with another promotion").filled(filled))
}

/// Reads the form, of a new promotion in `main`, or over what one was before, which keeps what the form does not show.
pub fn read(sent: &Fields, main: Currency, before: Option<&PromotionInput>, by_admin: bool) -> Result<PromotionInput> {
    let currency = before.map_or(main, |before| before.currency);
    let mut reader = Reader::new(sent);
    let name = reader.text("name", "Give it a name that buyers see.");
    let code = reader.optional_parsed::<PromoCode>("code");
    let effect = read_effect(sent, currency, &mut reader);
    let starts_at = fields::day(sent.get("starts_at"));
    if starts_at.is_none() {
        reader.wrong("starts_at", "Choose the first day.");
    }
    let ends_at = fields::end_of(&mut reader, "ends_at");
    let minimum = reader.amount("minimum", currency);
    let budget = reader.amount("budget", currency);
    let mut number = |name: &str, bounds| sent.some(name).map(|_| reader.whole(name, bounds));
    let max_uses = number("max_uses", 1..=1_000_000_000);
    let max_uses_per_customer = number("max_uses_per_customer", 1..=1_000_000);
    let priority = number("priority", -1_000..=1_000).unwrap_or_default();
    let share = if by_admin { fields::basis_points(sent.get("platform_share_bp")) } else { Some(0) };
    if share.is_none_or(|share| share > 10_000) {
        reader.wrong("platform_share_bp", "Enter a percentage from 0 to 100.");
    }
    let (Some(effect), Some(starts_at), Some(platform_share_bp), true) = (effect, starts_at, share, reader.ok()) else {
        return Err(reader.error());
    };
    let ticked = |name: &str| !sent.get(name).is_empty();
    Ok(PromotionInput {
        name,
        code,
        currency,
        starts_at,
        // The last day counts whole.
        ends_at,
        product_ids: sent.all("product_ids").filter_map(|id| id.parse().ok()).collect(),
        category_ids: sent.all("category_ids").filter_map(|id| id.parse().ok()).collect(),
        vendor_ids: sent.all("vendor_ids").filter_map(|id| id.parse().ok()).collect(),
        minimum_minor: minimum.map_or(0, |minimum| minimum.amount_minor),
        first_order: ticked("first_order"),
        countries: before.map(|before| before.countries.clone()).unwrap_or_default(),
        groups: sent.all("groups").filter_map(|key| key.parse().ok()).collect(),
        effect,
        priority,
        advertised: ticked("advertised"),
        exclusive: ticked("exclusive"),
        max_uses,
        max_uses_per_customer,
        budget_minor: budget.map(|budget| budget.amount_minor),
        platform_share_bp,
    })
}

fn read_effect(sent: &Fields, currency: Currency, reader: &mut Reader<'_>) -> Option<Effect> {
    match sent.get("effect") {
        "percent" => {
            let percent = fields::basis_points(sent.get("percent_bp")).filter(|bp| (1..=10_000).contains(bp));
            if percent.is_none() {
                reader.wrong("percent_bp", "Enter a percentage from 0.01 to 100.");
            }
            percent.map(|percent_bp| Effect::Percent { percent_bp })
        }
        kind @ ("amount_off" | "unit_price") => {
            let amount = reader.amount("amount", currency);
            if sent.some("amount").is_none() {
                reader.wrong("amount", format!("Enter an amount such as {}.", currency.example(500)));
            }
            let amount_minor = amount?.amount_minor;
            Some(if kind == "amount_off" {
                Effect::AmountOff { amount_minor }
            } else {
                Effect::UnitPrice { amount_minor }
            })
        }
        "buy_get" => Some(Effect::BuyGet { buy: reader.whole("buy", 1..=100), get: reader.whole("get", 1..=100) }),
        "free_shipping" => Some(Effect::FreeShipping),
        _ => {
            reader.wrong("effect", "Choose what it does.");
            None
        }
    }
}

/// What promotions take off a vendor's part of an order, and who pays it: name and words for each.
pub fn of_part(fmt: &Fmt, part: &VendorOrderView) -> Vec<(String, String)> {
    let mut sums: Vec<AppliedPromotion> = Vec::new();
    for applied in part.lines.iter().flat_map(|line| &line.promotions).chain(&part.shipping_promotions) {
        match sums.iter_mut().find(|sum| sum.promotion_id == applied.promotion_id) {
            Some(sum) => {
                sum.amount = sum.amount.plus(applied.amount).unwrap_or(sum.amount);
                sum.platform = sum.platform.plus(applied.platform).unwrap_or(sum.platform);
            }
            None => sums.push(applied.clone()),
        }
    }
    sums.into_iter().map(|sum| (sum.name, paid_by(fmt, sum.amount, sum.platform))).collect()
}

/// `3.00 € off, 1.50 € of it paid by the marketplace`.
pub fn paid_by(fmt: &Fmt, amount: Money, platform: Money) -> String {
    match platform {
        none if none.is_zero() => format!("{} off", fmt.money(amount)),
        all if all == amount => format!("{} off, paid by the marketplace", fmt.money(amount)),
        part => format!("{} off, {} of it paid by the marketplace", fmt.money(amount), fmt.money(part)),
    }
}
