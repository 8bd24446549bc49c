//! What is said about things: reviews, what their readers think of them, what the shops answer, and one that
//! somebody complains about.

use contracts::reviews::{ReplyInput, ReportInput, ReportReason, ReviewInput, ReviewsClient};
use kernel::{Kind, PageRequest, ProductId, Random, Result, ReviewId, VendorId};

use super::{Seeding, people::People, shops::Shops};

/// Who says something.
pub(crate) struct Voices<'a> {
    pub seeding: &'a Seeding,
    pub people: &'a People,
    pub shops: &'a Shops,
}

impl Voices<'_> {
    fn client(&self) -> ReviewsClient {
        self.seeding.souk.system.client()
    }

    fn roll(&self, bound: u64) -> u64 {
        self.seeding.dice.below(bound)
    }

    /// A buyer reviews a product; others read that, and the shop answers some.
    pub async fn review(
        &self,
        buyer: usize,
        (product_id, vendor_id): (ProductId, VendorId),
        input: &ReviewInput,
        seed: u64,
    ) -> Result<()> {
        let review = self.client().write(&self.people.buyers[buyer].identity, product_id, input).await?;
        for reader in self.readers(buyer, self.roll(5)) {
            self.client().vote(&self.people.buyers[reader].identity, review.id).await?;
        }
        // Shops answer what went wrong, and now and then what went well.
        if input.rating <= 2 || self.roll(6) == 0 {
            self.answer(vendor_id, review.id, input.rating, seed).await?;
        }
        Ok(())
    }

    /// Somebody complains about the worst of the latest reviews: a moderator has something to decide.
    pub async fn complain(&self) -> Result<()> {
        let latest = self.client().all(&self.people.admin, &PageRequest { limit: Some(100), after: None }).await?;
        let Some(worst) = latest.items.iter().min_by_key(|review| review.rating) else { return Ok(()) };
        let complaint = ReportInput {
            reason: ReportReason::Other,
            text: "Sounds as if it was written about another shop.".to_owned(),
        };
        for reader in self.people.buyers.iter().rev() {
            match self.client().report(&reader.identity, worst.id, &complaint).await {
                // Its author does not complain.
                Err(error) if error.is(Kind::Forbidden) => {}
                done => return done,
            }
        }
        Ok(())
    }

    /// Some buyers besides the one who wrote, each once.
    fn readers(&self, writer: usize, how_many: u64) -> Vec<usize> {
        let all = self.people.buyers.len();
        let first = self.roll(all as u64) as usize;
        (first..first + how_many as usize).map(|n| n % all).filter(|reader| *reader != writer).collect()
    }

    async fn answer(&self, vendor_id: VendorId, id: ReviewId, rating: u32, seed: u64) -> Result<()> {
        let Some(shop) = self.shops.by_slug.values().find(|shop| shop.vendor_id == vendor_id) else { return Ok(()) };
        let text = demo::reply_for(rating, seed).to_owned();
        self.client().reply(&shop.owner, vendor_id, id, &ReplyInput { text }).await.map(|_| ())
    }
}
