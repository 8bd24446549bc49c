//! The shape of the index.

use ::tantivy::{
    Index, TantivyDocument,
    schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer},
};
use kernel::{ProductId, Result};

use crate::model::Entry;

/// Analyzer of the text that is searched.
pub const STEMMED: &str = "souk_stemmed";
/// Analyzer of whole words, for corrections and beginnings.
pub const WHOLE: &str = "souk_whole";

/// Fast fields, by name.
pub const CATEGORY: &str = "category";
pub const VENDOR: &str = "vendor";
pub const ATTRIBUTE: &str = "attribute";
pub const PRICE: &str = "price";
pub const RATING: &str = "rating";
pub const STOCK: &str = "stock";
pub const PUBLISHED: &str = "published";

/// The fields of the index.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    pub id: Field,
    pub title: Field,
    pub keywords: Field,
    pub body: Field,
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
}

/// The schema and its fields.
pub fn schema() -> (Schema, Fields) {
    let text = |analyzer: &str| {
        let indexing =
            TextFieldIndexing::default().set_tokenizer(analyzer).set_index_option(IndexRecordOption::WithFreqs);
        TextOptions::default().set_indexing_options(indexing)
    };
    let value = || TextOptions::default().set_fast("raw");
    let mut schema = Schema::builder();
    let fields = Fields {
        id: schema.add_text_field("id", STRING),
        title: schema.add_text_field("title", text(STEMMED)),
        keywords: schema.add_text_field("keywords", text(STEMMED)),
        body: schema.add_text_field("body", text(STEMMED)),
        words: schema.add_text_field("words", text(WHOLE)),
        card: schema.add_bytes_field("card", STORED),
        category: schema.add_text_field(CATEGORY, value()),
        vendor: schema.add_text_field(VENDOR, value()),
        attribute: schema.add_text_field(ATTRIBUTE, value()),
        price: schema.add_i64_field(PRICE, FAST),
        rating: schema.add_i64_field(RATING, FAST),
        stock: schema.add_i64_field(STOCK, FAST),
        published: schema.add_i64_field(PUBLISHED, FAST),
    };
    (schema.build(), fields)
}

/// Makes the analyzers known to the index.
pub fn register_analyzers(index: &Index) {
    let base = || {
        TextAnalyzer::builder(SimpleTokenizer::default())
            .filter(RemoveLongFilter::limit(60))
            .filter(LowerCaser)
            .filter(AsciiFoldingFilter)
    };
    index.tokenizers().register(WHOLE, base().build());
    index.tokenizers().register(STEMMED, base().filter(Stemmer::new(Language::English)).build());
}

impl Fields {
    /// A product as a document of the index.
    pub fn document(&self, product_id: ProductId, entry: &Entry) -> Result<TantivyDocument> {
        let mut document = TantivyDocument::new();
        document.add_text(self.id, product_id.to_string());
        document.add_text(self.title, &entry.texts.title);
        document.add_text(self.keywords, &entry.texts.keywords);
        document.add_text(self.body, &entry.texts.body);
        document.add_text(self.words, &entry.texts.title);
        document.add_text(self.words, &entry.texts.keywords);
        document.add_bytes(self.card, &serde_json::to_vec(&entry.card)?);
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
        Ok(document)
    }
}
