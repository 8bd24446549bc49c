//! What is typed into the product form, before it is a product: from a form, from the catalogue, to
//! the catalogue. Variants follow the options: all combinations, keeping what was typed before.

use contracts::catalog::{
    AttributeKind, AttributeValue, CategoryView, ProductEdit, ProductInput, ProductOption, ProductStatus, Translations,
    ValueKind, VariantInput,
};
use kernel::{CategoryId, Currency, Error, Money, Result, Slug, Timestamp};

use super::product_facts::{attributes, fact_name, moment, moment_text};
use crate::{
    forms::{self, Fields, Reader},
    pages::portal::{translations, words},
    ui::Filled,
};

/// Options a product may have.
pub const OPTIONS: usize = 3;
/// Variants a product may have.
const VARIANTS: usize = 200;
/// The most a price may be, in minor units.
const PRICE_MAX: i64 = 100_000_000;

/// One row of the table of variants, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// Id; empty for a new one.
    pub id: String,
    /// One value per option.
    pub options: Vec<String>,
    /// SKU.
    pub sku: String,
    /// Price.
    pub price: String,
    /// Price before.
    pub compare_at: String,
    /// Grams.
    pub weight: String,
    /// EAN or the like.
    pub barcode: String,
    /// Id of the picture that shows it; empty for none.
    pub picture: String,
    /// Stock, of a new one.
    pub stock: String,
}

/// The form as typed.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Title, summary and the other plain fields.
    pub fields: Vec<(String, String)>,
    /// Currency of the prices.
    pub currency: Currency,
    /// Names and values of the options; three of them, those left empty do not count.
    pub options: Vec<(String, Vec<String>)>,
    /// The variants.
    pub variants: Vec<Typed>,
}

/// Fields that are kept as they are.
const PLAIN: [&str; 14] = [
    "title",
    "slug",
    "summary",
    "description_html",
    "category_id",
    "tags",
    "status",
    "more",
    "version",
    "brand",
    "seo_title",
    "seo_description",
    "publish_at",
    "unpublish_at",
];

impl Draft {
    /// A new product, priced in the main currency of the shop.
    pub fn blank(main: Currency) -> Self {
        let fields = vec![("status".to_owned(), "draft".to_owned())];
        let variants = vec![Typed { weight: "0".to_owned(), ..Typed::default() }];
        Self { fields, currency: main, options: Vec::new(), variants }
    }

    /// A product as it is stored. Facts the category does not ask for go into one field of many lines.
    pub fn stored(product: &ProductEdit, categories: &[CategoryView]) -> Self {
        let input = &product.input;
        let asked = attributes(categories, Some(input.category_id));
        let own = |a: &&AttributeValue| asked.iter().any(|def| def.key == a.key);
        let (facts, more): (Vec<_>, Vec<_>) = input.attributes.iter().partition(own);
        let line = |a: &AttributeValue| {
            let unit = a.unit.as_ref().map_or(String::new(), |unit| format!(" {unit}"));
            format!("{}: {}{unit}", if a.label.is_empty() { &a.key } else { &a.label }, a.value)
        };
        let plain = [
            ("title", input.title.clone()),
            ("slug", product.slug.to_string()),
            ("summary", input.summary.clone()),
            ("description_html", input.description_html.clone()),
            ("category_id", input.category_id.to_string()),
            ("tags", input.tags.join(", ")),
            ("status", words::word(&input.status)),
            ("more", more.into_iter().map(line).collect::<Vec<_>>().join("\n")),
            ("version", product.version.to_string()),
            ("brand", input.brand.clone()),
            ("seo_title", input.seo_title.clone()),
            ("seo_description", input.seo_description.clone()),
            ("publish_at", input.publish_at.map(moment_text).unwrap_or_default()),
            ("unpublish_at", input.unpublish_at.map(moment_text).unwrap_or_default()),
        ];
        let mut fields = plain.map(|(name, value)| (name.to_owned(), value)).to_vec();
        fields.extend(facts.into_iter().map(|a| (fact_name(&a.key), a.value.clone())));
        fields.extend(translations::of_product(&input.translations));
        let typed = |v: &VariantInput| {
            let money = |minor: i64| Money::new(minor, input.currency).decimal();
            Typed {
                id: v.id.map(|id| id.to_string()).unwrap_or_default(),
                options: v.options.clone(),
                sku: v.sku.clone(),
                price: money(v.price_minor),
                compare_at: v.compare_at_minor.map(money).unwrap_or_default(),
                weight: v.weight_g.to_string(),
                barcode: v.barcode.clone().unwrap_or_default(),
                picture: v.picture_id.map(|id| id.to_string()).unwrap_or_default(),
                stock: String::new(),
            }
        };
        Self {
            fields,
            currency: input.currency,
            options: input.options.iter().map(|o| (o.name.clone(), o.values.clone())).collect(),
            variants: input.variants.iter().map(typed).collect(),
        }
    }

    /// What was sent; in the main currency unless it says another.
    pub fn sent(sent: &Fields, main: Currency) -> Self {
        let is_kept = |name: &str| name.starts_with("facts.") || name.starts_with(translations::PREFIX);
        let kept = sent.pairs().filter(|(name, _)| is_kept(name));
        let plain = PLAIN.into_iter().map(|name| (name, sent.get(name)));
        let fields = plain.chain(kept).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let option = |i: usize| {
            let name = sent.get(&format!("options[{i}].name")).trim().to_owned();
            let mut values: Vec<String> = Vec::new();
            for value in sent.get(&format!("options[{i}].values")).lines().map(str::trim).filter(|v| !v.is_empty()) {
                if !values.iter().any(|known| known == value) {
                    values.push(value.to_owned());
                }
            }
            (name, values)
        };
        let has = |i: &usize| sent.pairs().any(|(name, _)| name == format!("variants[{i}].sku"));
        let variants = (0..VARIANTS).take_while(has).map(|i| typed(sent, i));
        Self {
            fields,
            currency: Currency::parse(sent.get("currency")).unwrap_or(main),
            options: (0..OPTIONS).map(option).filter(|(name, values)| !name.is_empty() || !values.is_empty()).collect(),
            variants: variants.collect(),
        }
    }

    /// A plain field.
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }
    /// The category chosen.
    pub fn category(&self) -> Option<CategoryId> {
        self.get("category_id").parse().ok()
    }

    /// Brings the variants in line with the options: one row per combination. True if there are rows
    /// that nobody has seen yet.
    pub fn expand(&mut self) -> bool {
        let wanted = combinations(&self.options);
        let known: Vec<_> = self.variants.iter().map(|v| v.options.clone()).collect();
        if wanted == known {
            return false;
        }
        let mut news = false;
        let first = self.variants.first().cloned().unwrap_or_default();
        let base = first.sku.split('-').next().unwrap_or_default().to_owned();
        let row = |options: Vec<String>| {
            if let Some(row) = self.variants.iter().find(|row| row.options == options) {
                return row.clone();
            }
            news = true;
            let suffix: Vec<_> = options.iter().map(|v| Slug::from_title(v, "x").to_string().to_uppercase()).collect();
            let suffix = suffix.join("-");
            let sku = [base.as_str(), &suffix].into_iter().filter(|part| !part.is_empty());
            let sku = sku.collect::<Vec<_>>().join("-").chars().take(60).collect();
            let (id, barcode, picture, stock) = Default::default();
            Typed { id, options, sku, barcode, picture, stock, ..first.clone() }
        };
        self.variants = wanted.into_iter().map(row).collect();
        news || self.variants.len() < known.len()
    }

    /// The form's content, for its fields.
    pub fn filled(&self) -> Filled {
        let mut pairs = self.fields.clone();
        for (i, (name, values)) in self.options.iter().enumerate() {
            pairs.push((format!("options[{i}].name"), name.clone()));
            pairs.push((format!("options[{i}].values"), values.join("\n")));
        }
        for (i, v) in self.variants.iter().enumerate() {
            let cells = [
                ("sku", &v.sku),
                ("price_minor", &v.price),
                ("compare_at_minor", &v.compare_at),
                ("weight_g", &v.weight),
                ("barcode", &v.barcode),
                ("picture_id", &v.picture),
                ("initial_stock", &v.stock),
            ];
            pairs.extend(cells.map(|(name, value)| (format!("variants[{i}].{name}"), value.clone())));
        }
        Filled::with(pairs)
    }

    /// The product, or everything that is wrong with it.
    ///
    /// # Errors
    /// `invalid_input` with the fields of the form.
    pub fn input(&self, sent: &Fields, categories: &[CategoryView]) -> Result<ProductInput> {
        let mut reader = Reader::new(sent);
        let title = reader.text("title", "Give it a title.");
        let category_id = reader.parsed::<CategoryId>("category_id", "Choose a category.");
        let slug = reader.optional_parsed::<Slug>("slug");
        let status = words::named::<ProductStatus>(self.get("status")).unwrap_or(ProductStatus::Draft);
        let publish_at = self.moment(&mut reader, "publish_at");
        let unpublish_at = self.moment(&mut reader, "unpublish_at");
        let attributes = self.attributes(&mut reader, categories);
        let options = self.options(&mut reader);
        let variants = self.variants(&mut reader);
        let Some(category_id) = category_id.filter(|_| reader.ok()) else { return Err(reader.error()) };
        let tags = self.get("tags").split(',').map(str::trim).filter(|tag| !tag.is_empty());
        Ok(ProductInput {
            title,
            slug,
            summary: self.get("summary").trim().to_owned(),
            description_html: self.get("description_html").trim().to_owned(),
            category_id,
            currency: self.currency,
            attributes,
            options,
            variants,
            tags: tags.map(str::to_owned).collect(),
            status,
            brand: self.get("brand").trim().to_owned(),
            seo_title: self.get("seo_title").trim().to_owned(),
            seo_description: self.get("seo_description").trim().to_owned(),
            publish_at,
            unpublish_at,
            // They have a page of their own.
            related: Vec::new(),
            // They are read from fields of their own.
            translations: Translations::new(),
        })
    }

    /// A moment as its field sends it; none if it is empty.
    fn moment(&self, reader: &mut Reader<'_>, name: &str) -> Option<Timestamp> {
        let text = self.get(name).trim();
        if text.is_empty() {
            return None;
        }
        let at = moment(text);
        if at.is_none() {
            reader.wrong(name, "Enter a day and a time, such as 2026-11-20 09:00.");
        }
        at
    }

    fn options(&self, reader: &mut Reader<'_>) -> Vec<ProductOption> {
        for (i, (name, values)) in self.options.iter().enumerate() {
            if name.is_empty() {
                reader.wrong(&format!("options[{i}].name"), "Name the option, such as Size.");
            }
            if values.is_empty() {
                reader.wrong(&format!("options[{i}].values"), "List what can be chosen, one per line.");
            }
        }
        let option =
            |(name, values): &(String, Vec<String>)| ProductOption { name: name.clone(), values: values.clone() };
        self.options.iter().map(option).collect()
    }

    fn variants(&self, reader: &mut Reader<'_>) -> Vec<VariantInput> {
        if combinations_count(&self.options) > VARIANTS {
            reader.wrong("options[0].values", format!("That makes more than {VARIANTS} variants."));
        }
        let variant = |(i, v): (usize, &Typed)| {
            let name = |field: &str| format!("variants[{i}].{field}");
            if v.sku.trim().is_empty() {
                reader.wrong(&name("sku"), "Give it a SKU, your own short number for it.");
            }
            let mut price = |field: &str, text: &str, needed: bool| {
                if text.trim().is_empty() && !needed {
                    return None;
                }
                let price = forms::amount(text, self.currency).filter(|m| m.amount_minor <= PRICE_MAX);
                if price.is_none() {
                    let example = self.currency.example(1_999);
                    reader.wrong(&name(field), format!("Enter a price such as {example}."));
                }
                price.map(|m| m.amount_minor)
            };
            let price_minor = price("price_minor", &v.price, true).unwrap_or(0);
            let compare_at_minor = price("compare_at_minor", &v.compare_at, false);
            let mut whole = |field: &str, text: &str| {
                let text = text.trim();
                if text.is_empty() {
                    return None;
                }
                let number = text.parse::<i64>().ok().filter(|n| (0..=1_000_000).contains(n));
                if number.is_none() {
                    reader.wrong(&name(field), "Enter a whole number.");
                }
                number
            };
            let weight_g = whole("weight_g", &v.weight).unwrap_or(0);
            let initial_stock = if v.id.is_empty() { whole("initial_stock", &v.stock) } else { None };
            VariantInput {
                id: v.id.parse().ok(),
                sku: v.sku.trim().to_owned(),
                options: v.options.clone(),
                price_minor,
                compare_at_minor,
                weight_g,
                barcode: Some(v.barcode.trim().to_owned()).filter(|b| !b.is_empty()),
                picture_id: v.picture.parse().ok(),
                initial_stock,
            }
        };
        self.variants.iter().enumerate().map(variant).collect()
    }

    fn attributes(&self, reader: &mut Reader<'_>, categories: &[CategoryView]) -> Vec<AttributeValue> {
        let mut all = Vec::new();
        for def in attributes(categories, self.category()) {
            let value = self.get(&fact_name(&def.key)).trim();
            let unit = match &def.kind {
                AttributeKind::Number { unit } => unit.clone(),
                _ => None,
            };
            if !value.is_empty() {
                let is_number = matches!(def.kind, AttributeKind::Number { .. });
                let value = if is_number { value.replace(',', ".") } else { value.to_owned() };
                let (key, label) = (def.key.clone(), def.label.clone());
                all.push(AttributeValue { key, label, value, unit, kind: ValueKind::Text });
            }
        }
        for line in self.get("more").lines().filter(|line| !line.trim().is_empty()) {
            match line.split_once(':') {
                Some((label, value)) if !label.trim().is_empty() && !value.trim().is_empty() => {
                    let key = Slug::from_title(label, "fact").to_string().chars().take(40).collect();
                    let (label, value) = (label.trim().to_owned(), value.trim().to_owned());
                    all.push(AttributeValue { key, label, value, unit: None, kind: ValueKind::Text });
                }
                _ => reader.wrong("more", "Write each fact as “Name: value”, one per line."),
            }
        }
        all
    }

    /// The catalogue's error with the fields called what this form calls them.
    pub fn renamed(&self, error: Error, categories: &[CategoryView]) -> Error {
        let is_filled = |key: &str| !self.get(&fact_name(key)).trim().is_empty();
        let asked = attributes(categories, self.category());
        let facts: Vec<_> = asked.iter().filter(|def| is_filled(&def.key)).map(|def| fact_name(&def.key)).collect();
        crate::pages::portal::fields::renamed(error, |field| {
            let index = field.strip_prefix("attributes[").and_then(|rest| rest.split_once(']'));
            if let Some((index, _)) = index {
                let fact = index.parse::<usize>().ok().and_then(|i| facts.get(i));
                return fact.cloned().unwrap_or_else(|| "more".to_owned());
            }
            if let Some(key) = field.strip_prefix("attributes.") {
                return fact_name(key);
            }
            let values = field.split_once(".values").filter(|_| field.starts_with("options["));
            values.map_or_else(|| field.to_owned(), |(option, _)| format!("{option}.values"))
        })
    }
}

fn typed(sent: &Fields, i: usize) -> Typed {
    let get = |name: &str| sent.get(&format!("variants[{i}].{name}")).to_owned();
    Typed {
        id: get("id"),
        options: get("options").lines().map(str::to_owned).collect(),
        sku: get("sku"),
        price: get("price_minor"),
        compare_at: get("compare_at_minor"),
        weight: get("weight_g"),
        barcode: get("barcode"),
        picture: get("picture_id"),
        stock: get("initial_stock"),
    }
}

fn combinations_count(options: &[(String, Vec<String>)]) -> usize {
    options.iter().map(|(_, values)| values.len().max(1)).fold(1, usize::saturating_mul)
}

/// All combinations of the options' values; one empty one without options.
fn combinations(options: &[(String, Vec<String>)]) -> Vec<Vec<String>> {
    if combinations_count(options) > VARIANTS {
        return Vec::new();
    }
    options.iter().fold(vec![Vec::new()], |all, (_, values)| {
        let longer = |row: &Vec<String>| {
            let row = row.clone();
            values.iter().map(move |value| row.iter().cloned().chain([value.clone()]).collect()).collect::<Vec<_>>()
        };
        all.iter().flat_map(longer).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(form: &str) -> (Fields, Draft) {
        let fields = Fields::parse(form.as_bytes());
        let draft = Draft::sent(&fields, Currency::EUR);
        (fields, draft)
    }

    #[test]
    fn variants_follow_the_options_and_keep_what_was_typed() {
        let (_, mut draft) = draft(
            "options[0].name=Size&options[0].values=S%0AL%0AS&options[1].name=Colour&options[1].values=Ink\
             &variants[0].sku=MUG-1&variants[0].price_minor=19.9&variants[0].options=&variants[0].initial_stock=4",
        );
        assert!(draft.expand());
        let rows: Vec<_> =
            draft.variants.iter().map(|v| (v.options.join("/"), v.sku.clone(), v.price.clone())).collect();
        let wanted = [("S/Ink", "MUG-S-INK", "19.9"), ("L/Ink", "MUG-L-INK", "19.9")];
        assert_eq!(rows, wanted.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned())));
        draft.variants[1].price = "25".to_owned();
        assert!(!draft.expand());
        draft.options[0].1.push("XL".to_owned());
        assert!(draft.expand());
        assert_eq!(draft.variants[1].price, "25");
        assert_eq!(draft.variants[2].sku, "MUG-XL-INK");
        assert_eq!(draft.variants[2].stock, "");
    }

    #[test]
    fn everything_wrong_is_said_beside_its_field() {
        let (sent, draft) = draft(
            "title=+&variants[0].sku=&variants[0].price_minor=abc&variants[0].weight_g=x&more=no+colon\
             &options[0].name=Size&status=published",
        );
        let error = draft.input(&sent, &[]).unwrap_err();
        let fields: Vec<_> = error.fields().iter().map(|f| f.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "title",
                "category_id",
                "more",
                "options[0].values",
                "variants[0].sku",
                "variants[0].price_minor",
                "variants[0].weight_g"
            ]
        );
    }

    #[test]
    fn a_simple_product_is_read_whole() {
        let category = CategoryId::derived("test", &["cups"]);
        let (sent, mut draft) = draft(&format!(
            "title=Blue+mug&slug=&category_id={category}&status=published&tags=mug,+blue,&more=Care:+by+hand\
             &variants[0].sku=M1&variants[0].price_minor=19,90&variants[0].compare_at_minor=25&variants[0].weight_g=350\
             &variants[0].initial_stock=12&variants[0].options="
        ));
        assert!(!draft.expand());
        let input = draft.input(&sent, &[]).unwrap();
        assert_eq!((input.title.as_str(), input.slug, input.status), ("Blue mug", None, ProductStatus::Published));
        assert_eq!(input.tags, ["mug", "blue"]);
        let fact = &input.attributes[0];
        assert_eq!((fact.key.as_str(), fact.label.as_str(), fact.value.as_str()), ("care", "Care", "by hand"));
        let variant = &input.variants[0];
        assert_eq!((variant.price_minor, variant.compare_at_minor), (1_990, Some(2_500)));
        assert_eq!((variant.weight_g, variant.initial_stock, variant.id), (350, Some(12), None));
    }
}
