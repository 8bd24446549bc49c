//! What is stated of the products of each category.

use crate::{AttributeDef, AttributeKind};

const fn text(key: &'static str, label: &'static str) -> AttributeDef {
    AttributeDef { key, label, kind: AttributeKind::Text }
}

const fn number(key: &'static str, label: &'static str, unit: &'static str) -> AttributeDef {
    AttributeDef { key, label, kind: AttributeKind::Number { unit } }
}

fn choice(key: &'static str, label: &'static str, values: &[&'static str]) -> AttributeDef {
    AttributeDef { key, label, kind: AttributeKind::Choice(values.to_vec()) }
}

const fn yes_no(key: &'static str, label: &'static str) -> AttributeDef {
    AttributeDef { key, label, kind: AttributeKind::YesNo }
}

fn material(values: &[&'static str]) -> AttributeDef {
    choice("material", "Material", values)
}

fn origin() -> AttributeDef {
    text("origin", "Made in")
}

fn care() -> AttributeDef {
    choice(
        "care",
        "Care",
        &["Hand wash", "Machine wash 30°", "Machine wash 40°", "Machine wash 60°", "Wipe clean", "Brush and air"],
    )
}

/// The attributes of a child category.
pub fn of(category: &str) -> Vec<AttributeDef> {
    match category {
        "mugs" | "tableware" | "tea-and-coffee-gear" | "cook-and-cut" => kitchen(category),
        "vases-and-candles" | "lighting" | "furniture" | "textiles" | "wall-and-time" => home(category),
        "coffee-and-tea" | "honey-and-preserves" | "oils-and-spices" | "sweets-and-deli" => food(category),
        "tops-and-knitwear" | "hats-scarves-socks" | "shoes" | "bags" | "wallets-and-belts" => clothing(category),
        "rings" | "necklaces-and-earrings" | "watches" | "soap-and-bath" | "skin-and-hair" => beauty(category),
        "notebooks-and-pens" | "books" | "audio" | "desk" => desk(category),
        "toys" | "puzzles-and-games" => play(category),
        _ => outdoors(category),
    }
}

fn kitchen(category: &str) -> Vec<AttributeDef> {
    let dishwasher = yes_no("dishwasher", "Dishwasher safe");
    match category {
        "mugs" => vec![
            material(&["Stoneware", "Porcelain", "Enamel", "Glass"]),
            number("volume", "Volume", "ml"),
            dishwasher,
            origin(),
        ],
        "tableware" => vec![
            material(&["Stoneware", "Porcelain", "Wood"]),
            number("diameter", "Diameter", "cm"),
            dishwasher,
            origin(),
        ],
        "tea-and-coffee-gear" => vec![
            material(&["Stoneware", "Porcelain", "Glass", "Steel", "Aluminium"]),
            number("volume", "Volume", "ml"),
            dishwasher,
            origin(),
        ],
        _ => vec![
            material(&["Olive wood", "Walnut", "Beech", "Cherry", "Steel", "Cast iron"]),
            number("length", "Length", "cm"),
            dishwasher,
            origin(),
        ],
    }
}

fn home(category: &str) -> Vec<AttributeDef> {
    match category {
        "vases-and-candles" => vec![
            choice("kind", "Kind", &["Vase", "Candle", "Candle holder", "Jar"]),
            material(&["Stoneware", "Porcelain", "Beeswax", "Soy wax", "Brass"]),
            number("height", "Height", "cm"),
            origin(),
        ],
        "lighting" => vec![
            choice("kind", "Kind", &["Table lamp", "Floor lamp", "Pendant", "Desk lamp"]),
            material(&["Steel", "Glass", "Paper", "Stoneware", "Linen"]),
            number("height", "Height", "cm"),
            text("bulb", "Bulb"),
            yes_no("dimmable", "Dimmable"),
        ],
        "furniture" => vec![
            material(&["Ash", "Oak", "Walnut", "Beech"]),
            number("width", "Width", "cm"),
            number("height", "Height", "cm"),
            yes_no("assembled", "Arrives assembled"),
            origin(),
        ],
        "textiles" => vec![
            material(&["Wool", "Linen", "Cotton", "Jute", "Velvet"]),
            number("width", "Width", "cm"),
            number("length", "Length", "cm"),
            care(),
            origin(),
        ],
        _ => vec![
            choice("kind", "Kind", &["Print", "Clock"]),
            number("width", "Width", "cm"),
            number("height", "Height", "cm"),
            text("made_of", "Made of"),
        ],
    }
}

fn food(category: &str) -> Vec<AttributeDef> {
    let organic = yes_no("organic", "Organic");
    let from = text("origin", "Grown in");
    match category {
        "coffee-and-tea" => vec![
            choice("kind", "Kind", &["Coffee", "Black tea", "Green tea", "Infusion"]),
            from,
            text("tastes_of", "Tastes of"),
            organic,
        ],
        "honey-and-preserves" => {
            vec![
                choice("kind", "Kind", &["Honey", "Jam", "Marmalade", "Olives"]),
                from,
                text("tastes_of", "Tastes of"),
                organic,
            ]
        }
        "oils-and-spices" => {
            vec![
                choice("kind", "Kind", &["Olive oil", "Vinegar", "Spice", "Salt"]),
                from,
                text("use", "Good with"),
                organic,
            ]
        }
        _ => vec![
            choice("kind", "Kind", &["Chocolate", "Cheese", "Bread", "Nuts", "Biscuits", "Nougat"]),
            text("allergens", "Allergens"),
            yes_no("vegan", "Vegan"),
            origin(),
        ],
    }
}

fn clothing(category: &str) -> Vec<AttributeDef> {
    match category {
        "tops-and-knitwear" => vec![
            material(&["Wool", "Merino", "Cotton", "Linen"]),
            choice("fit", "Fit", &["Regular", "Relaxed", "Slim"]),
            care(),
            origin(),
        ],
        "hats-scarves-socks" => {
            vec![
                choice("kind", "Kind", &["Hat", "Scarf", "Socks", "Gloves"]),
                material(&["Wool", "Merino", "Cotton"]),
                care(),
                origin(),
            ]
        }
        "shoes" => vec![
            choice("upper", "Upper", &["Leather", "Canvas", "Suede"]),
            text("sole", "Sole"),
            yes_no("resoleable", "Can be resoled"),
            origin(),
        ],
        "bags" => vec![
            material(&["Leather", "Canvas", "Cotton"]),
            number("volume", "Volume", "l"),
            yes_no("laptop", "Fits a 15-inch laptop"),
            origin(),
        ],
        _ => vec![material(&["Leather", "Felt"]), number("width", "Width", "cm"), text("hardware", "Fittings")],
    }
}

fn beauty(category: &str) -> Vec<AttributeDef> {
    let metal = choice("metal", "Metal", &["Sterling silver", "Gold vermeil", "14 ct gold"]);
    match category {
        "rings" => vec![metal, text("stone", "Stone"), number("band", "Band width", "mm"), origin()],
        "necklaces-and-earrings" => vec![
            choice("kind", "Kind", &["Necklace", "Earrings", "Bracelet"]),
            metal,
            text("stone", "Stone"),
            number("length", "Length", "cm"),
        ],
        "watches" => vec![
            choice("movement", "Movement", &["Quartz", "Automatic", "Hand-wound"]),
            number("case", "Case", "mm"),
            choice("strap", "Strap", &["Leather", "Canvas", "Steel mesh"]),
            number("water", "Water resistant to", "m"),
        ],
        "soap-and-bath" => vec![
            text("scent", "Scent"),
            choice("skin", "Skin", &["All skin", "Dry skin", "Sensitive skin", "Oily skin"]),
            yes_no("vegan", "Vegan"),
            origin(),
        ],
        _ => vec![
            choice("kind", "Kind", &["Face", "Hands", "Lips", "Hair", "Tools"]),
            text("scent", "Scent"),
            yes_no("vegan", "Vegan"),
            origin(),
        ],
    }
}

fn desk(category: &str) -> Vec<AttributeDef> {
    match category {
        "notebooks-and-pens" => vec![
            choice("kind", "Kind", &["Notebook", "Planner", "Pen", "Pencils", "Ink", "Letter paper"]),
            text("format", "Format"),
            yes_no("refillable", "Refillable"),
            origin(),
        ],
        "books" => vec![
            choice("genre", "Genre", &["Novel", "Cookbook", "Children", "Nature", "Poetry"]),
            number("pages", "Pages", "pages"),
            choice("binding", "Binding", &["Hardcover", "Paperback"]),
            text("language", "Language"),
        ],
        "audio" => vec![
            choice("kind", "Kind", &["Headphones", "Earbuds", "Speaker", "Radio", "Turntable"]),
            choice("connection", "Connection", &["Bluetooth", "Cable", "Bluetooth and cable"]),
            number("battery", "Battery", "h"),
            number("warranty", "Warranty", "years"),
        ],
        _ => vec![
            choice("kind", "Kind", &["Keyboard", "Mouse", "Charger", "Cable", "Stand"]),
            text("made_of", "Made of"),
            text("connection", "Connection"),
            number("warranty", "Warranty", "years"),
        ],
    }
}

fn play(category: &str) -> Vec<AttributeDef> {
    let age = number("age", "From age", "years");
    match category {
        "toys" => vec![
            age,
            material(&["Birch", "Beech", "Maple", "Wool plush", "Cotton plush"]),
            text("finish", "Finish"),
            origin(),
        ],
        _ => vec![age, number("pieces", "Pieces", "pieces"), text("players", "Players"), origin()],
    }
}

fn outdoors(category: &str) -> Vec<AttributeDef> {
    match category {
        "houseplants" => vec![
            choice("light", "Light", &["Shade", "Bright, no direct sun", "Full sun"]),
            choice("water", "Water", &["Every few days", "Weekly", "Every two weeks", "Monthly"]),
            number("height", "Height", "cm"),
            yes_no("pet_safe", "Safe for pets"),
        ],
        "pots-and-tools" => vec![
            choice("kind", "Kind", &["Pot", "Watering", "Tool", "Basket", "Seeds"]),
            material(&["Terracotta", "Stoneware", "Steel", "Seagrass", "Paper"]),
            number("size", "Size", "cm"),
            yes_no("outdoors", "May stay outside"),
        ],
        "camping" => vec![
            text("made_of", "Made of"),
            number("grams", "Weight", "g"),
            text("packed", "Packed size"),
            number("warranty", "Warranty", "years"),
        ],
        _ => vec![
            text("made_of", "Made of"),
            text("fits", "Fits"),
            number("grams", "Weight", "g"),
            number("warranty", "Warranty", "years"),
        ],
    }
}
