//! The shape of the index.

use ::tantivy::{
    Index, TantivyDocument,
    schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions},
    tokenizer::PreTokenizedString,
};
use kernel::{ProductId, Result};

use crate::{
    index::language::{Language, Stems, code_of, whole},
    model::Entry,
};

/// Analyzer of whole words, for corrections and beginnings.
const WHOLE: &str = "souk_whole";

/// Fast fields, by name.
pub const CATEGORY: &str = "category";
pub const VENDOR: &str = "vendor";
pub const ATTRIBUTE: &str = "attribute";
pub const PRICE: &str = "price";
pub const RATING: &str = "rating";
pub const STOCK: &str = "stock";
pub const PUBLISHED: &str = "published";
pub const SOLD: &str = "sold";

/// The fields of the index.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    pub id: Field,
    pub title: Field,
    pub keywords: Field,
    pub body: Field,
    /// Title, keywords and text: which products have a word, without where and how often.
    pub anywhere: Field,
    /// Whole words of title and keywords.
    pub words: Field,
    pub card: Field,
    category: Field,
    vendor: Field,
    attribute: Field,
    price: Field,
    rating: Field,
    stock: Field,
    published: Field,
    sold: Field,
}

/// The schema and its fields.
pub fn schema(languages: &[Language]) -> (Schema, Fields) {
    let text = |analyzer: &str| {
        let indexing =
            TextFieldIndexing::default().set_tokenizer(analyzer).set_index_option(IndexRecordOption::WithFreqs);
        TextOptions::default().set_indexing_options(indexing)
    };
    let stemmed = stemmed(languages);
    let anywhere = TextFieldIndexing::default()
        .set_tokenizer(&stemmed)
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    let value = || TextOptions::default().set_fast("raw");
    let mut schema = Schema::builder();
    let fields = Fields {
        id: schema.add_text_field("id", STRING),
        title: schema.add_text_field("title", text(&stemmed)),
        keywords: schema.add_text_field("keywords", text(&stemmed)),
        body: schema.add_text_field("body", text(&stemmed)),
        anywhere: schema.add_text_field("anywhere", TextOptions::default().set_indexing_options(anywhere)),
        words: schema.add_text_field("words", text(WHOLE)),
        card: schema.add_bytes_field("card", STORED),
        category: schema.add_text_field(CATEGORY, value()),
        vendor: schema.add_text_field(VENDOR, value()),
        attribute: schema.add_text_field(ATTRIBUTE, value()),
        price: schema.add_i64_field(PRICE, FAST),
        rating: schema.add_i64_field(RATING, FAST),
        stock: schema.add_i64_field(STOCK, FAST),
        published: schema.add_i64_field(PUBLISHED, FAST),
        sold: schema.add_i64_field(SOLD, FAST),
    };
    (schema.build(), fields)
}

/// Makes the analyzers known to the index. Stems come cut already; their analyzer is only a name.
pub fn register_analyzers(index: &Index, languages: &[Language]) {
    index.tokenizers().register(WHOLE, whole());
    index.tokenizers().register(&stemmed(languages), whole());
}

/// The name under which stems in these languages are indexed: an index of others is of another shape.
fn stemmed(languages: &[Language]) -> String {
    format!("souk_stemmed_{}", code_of(languages))
}

impl Fields {
    /// A product as a document of the index.
    pub fn document(&self, product_id: ProductId, entry: &Entry, stems: &mut Stems) -> Result<TantivyDocument> {
        let mut document = TantivyDocument::new();
        document.add_text(self.id, product_id.to_string());
        let texts = &entry.texts;
        for (field, text) in [(self.title, &texts.title), (self.keywords, &texts.keywords), (self.body, &texts.body)] {
            let cut = PreTokenizedString { text: String::new(), tokens: stems.tokens(text) };
            document.add_pre_tokenized_text(self.anywhere, cut.clone());
            document.add_pre_tokenized_text(field, cut);
        }
        document.add_text(self.words, &entry.texts.title);
        document.add_text(self.words, &entry.texts.keywords);
        document.add_bytes(self.card, &serde_json::to_vec(&entry.kept())?);
        for slug in &entry.categories {
            document.add_text(self.category, slug);
        }
        document.add_text(self.vendor, entry.card.vendor.slug.as_str());
        for attribute in &entry.attributes {
            document.add_text(self.attribute, attribute);
        }
        document.add_i64(self.price, entry.card.price.amount_minor);
        document.add_i64(self.rating, i64::from(entry.card.rating.average_x100));
        document.add_i64(self.stock, i64::from(entry.card.stock.available()));
        document.add_i64(self.published, entry.published_at);
        document.add_i64(self.sold, entry.sold);
        Ok(document)
    }
}
