//! Drawn still lifes that stand in for product photographs.

/// A thing on a table, in colours.
fn still_life(thing: &str, wall: &str, table: &str, shade: &str) -> String {
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640" width="640" height="640"><defs><linearGradient id="w" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".35"/><stop offset="1" stop-color="#000" stop-opacity=".14"/></linearGradient><linearGradient id="s" x1="0" x2="1"><stop offset="0" stop-color="#fff" stop-opacity=".32"/><stop offset=".45" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".34"/></linearGradient><radialGradient id="g"><stop offset="0" stop-color="#000" stop-opacity=".36"/><stop offset="1" stop-color="#000" stop-opacity="0"/></radialGradient></defs><rect width="640" height="640" fill="{wall}"/><path d="M0 0h640v640H0z" fill="url(#w)"/><path d="M0 448h640v192H0z" fill="{table}"/><path d="M0 448h640v192H0z" fill="url(#w)" opacity=".6"/><ellipse cx="340" cy="522" rx="210" ry="26" fill="url(#g)"/><g fill="{shade}">{thing}</g></svg>"##
    )
}

/// A shape filled twice: colour, then light.
fn lit(path: &str) -> String {
    format!(r##"<path d="{path}"/><path d="{path}" fill="url(#s)"/>"##)
}

fn thing(kind: &str) -> String {
    match kind {
        "mug" => format!(
            r##"<path d="M428 300c96-14 104 128-8 138" fill="none" stroke="#0003" stroke-width="34"/>{}<ellipse cx="312" cy="262" rx="124" ry="26" fill="#fff6"/><ellipse cx="312" cy="266" rx="106" ry="19" fill="#0007"/>"##,
            lit("M188 262c0 14 56 26 124 26s124-12 124-26l-14 216c-2 30-52 44-110 44s-108-14-110-44z")
        ),
        "bowl" => format!(
            r##"{}<ellipse cx="320" cy="330" rx="210" ry="40" fill="#fff7"/><ellipse cx="320" cy="336" rx="190" ry="30" fill="#0005"/>"##,
            lit("M110 330c0 22 94 40 210 40s210-18 210-40c0 100-70 160-130 184H240c-60-24-130-84-130-184z")
        ),
        "bottle" => format!(
            r##"{}<path d="M232 352h176v116H232z" fill="#f7f0e4"/><path d="M258 384h124M258 410h92M258 436h108" stroke="#0006" stroke-width="9"/><path d="M288 96h64v34h-64z" fill="#3a2a1c"/>"##,
            lit("M290 120h60v86c0 34 62 52 62 122v176c0 14-8 20-20 20H248c-12 0-20-6-20-20V328c0-70 62-88 62-122z")
        ),
        "lamp" => format!(
            r##"<path d="M306 330h28v168h-28z" fill="#0009"/><ellipse cx="320" cy="506" rx="92" ry="18" fill="#000a"/>{}<ellipse cx="320" cy="340" rx="164" ry="24" fill="#ffefb8"/>"##,
            lit("M246 146h148l90 194c-30 14-298 14-328 0z")
        ),
        "blanket" => format!(
            r##"{}<path d="M136 340h368M136 400h368M136 460h368" stroke="#fff8" stroke-width="16"/><path d="M136 370h368M136 430h368" stroke="#0003" stroke-width="8"/><path d="M140 512v30m30-30v30m30-30v30m30-30v30m30-30v30m30-30v30m30-30v30m30-30v30m30-30v30m30-30v30m30-30v30m30-30v30m26-30v30" stroke="#0005" stroke-width="7"/>"##,
            lit("M136 306c0-26 20-40 50-40h268c30 0 50 14 50 40v206H136z")
        ),
        "basket" => format!(
            r##"<path d="M200 320c0-220 240-220 240 0" fill="none" stroke="#6b4522" stroke-width="20"/>{}<path d="M150 356h340M160 402h320M170 448h300M182 490h276" stroke="#0003" stroke-width="12"/><path d="M220 324l20 196m60-196 6 196m80-196-12 196m84-196-44 196" stroke="#fff4" stroke-width="10"/>"##,
            lit("M138 318h364l-46 190c-4 14-14 18-30 18H214c-16 0-26-4-30-18z")
        ),
        "board" => format!(
            r##"{}<path d="M196 250c70 40 60 130 20 220M270 212c80 60 90 180 50 300M360 214c60 70 70 190 30 296" fill="none" stroke="#0003" stroke-width="8"/><circle cx="484" cy="150" r="16" fill="#0008"/>"##,
            lit(
                "M160 248c0-34 20-56 56-56h170c20 0 30-10 44-34l26-40c26-30 84 8 64 48l-28 50c-10 22-6 40-6 64v196c0 30-20 46-50 46H212c-32 0-52-18-52-48z"
            )
        ),
        "candle" => format!(
            r##"{}<ellipse cx="320" cy="278" rx="104" ry="22" fill="#fff8"/><path d="M320 276v-34" stroke="#333" stroke-width="8"/><path d="M320 150c40 50 32 92 0 96-32-4-40-46 0-96z" fill="#ffd98a"/><path d="M246 362h148v96H246z" fill="#f7f0e4"/><path d="M270 392h100M286 424h68" stroke="#0006" stroke-width="8"/>"##,
            lit("M216 278c0 12 46 22 104 22s104-10 104-22v222c0 18-46 28-104 28s-104-10-104-28z")
        ),
        "teapot" => format!(
            r##"<path d="M204 360c-90-20-110-90-140-96l26-14c50 6 60 60 124 64z"/><path d="M444 318c110-40 130 110 0 126" fill="none" stroke="#0004" stroke-width="30"/>{}<ellipse cx="322" cy="262" rx="92" ry="18" fill="#0003"/><circle cx="322" cy="222" r="24"/>"##,
            lit("M190 380c0-76 60-122 132-122s132 46 132 122c0 72-40 116-70 138H260c-30-22-70-66-70-138z")
        ),
        _ => format!(
            r##"{}<path d="M150 300h340v60H150z" fill="#fff5"/><path d="M180 400h280" stroke="#0004" stroke-width="10"/>"##,
            lit("M150 300c0-30 20-46 50-46h240c30 0 50 16 50 46v170c0 30-20 46-50 46H200c-30 0-50-16-50-46z")
        ),
    }
}

/// Name, thing, and the colours of wall, table and thing.
const PICTURES: &[(&str, &str, &str, &str, &str)] = &[
    ("blue-mug", "mug", "#e9e1d6", "#c9b39a", "#2f4f74"),
    ("green-mug", "mug", "#d9e0d2", "#a78b6d", "#51714f"),
    ("white-mug", "mug", "#cfc2b5", "#7d5f49", "#efe8dc"),
    ("bowl", "bowl", "#e7d5c5", "#b58f6f", "#b5533c"),
    ("blue-bowl", "bowl", "#dfe5ea", "#b9a48c", "#3c6e8f"),
    ("oil", "bottle", "#efe6c9", "#c6ab7a", "#6c7a2e"),
    ("syrup", "bottle", "#ecd9d4", "#c29c8b", "#8e2f3a"),
    ("lamp", "lamp", "#4a3b45", "#2d2229", "#e4a94a"),
    ("paper-lamp", "lamp", "#e6dfd6", "#b79d86", "#d8c3a0"),
    ("blanket", "blanket", "#e3dad2", "#a98d76", "#9a4b3e"),
    ("indigo-blanket", "blanket", "#d8dee3", "#a99b8c", "#33406b"),
    ("basket", "basket", "#e8e0d0", "#bfa582", "#b98a4e"),
    ("board", "board", "#dcd6cc", "#8d7058", "#a5703f"),
    ("candle", "candle", "#e6d6d0", "#b8937e", "#d9b5a4"),
    ("green-candle", "candle", "#dbe0d6", "#a28f78", "#7a8f6d"),
    ("teapot", "teapot", "#e5dccf", "#a98663", "#6d3a2e"),
    ("blue-teapot", "teapot", "#eae4da", "#c2ac90", "#2d5d6b"),
    ("soap", "soap", "#e2e6df", "#b5a793", "#c8a96b"),
];

/// Every picture by name.
pub fn all() -> impl Iterator<Item = (&'static str, String)> {
    PICTURES.iter().map(|(name, kind, wall, table, shade)| (*name, still_life(&thing(kind), wall, table, shade)))
}
