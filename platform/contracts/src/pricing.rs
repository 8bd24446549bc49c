//! Quotes, discounts, taxes.

use std::borrow::Cow;

use garde::Validate;
use kernel::{
    AccountId, CategoryId, Country, Currency, DiscountId, Money, Page, PageRequest, PriceListId, ProductId, PromoCode,
    PromotionId, ShippingMethodId, Timestamp, VariantId, VendorId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    arrival::{Arrival, Handling},
    currencies::{CurrencyInput, QuoteRate, ShopCurrencies, ShopCurrency},
    pickup::PickupPlace,
    price_lists::{CustomerGroup, GroupsOfCustomer, PriceListInput, PriceListView},
    prices::{ProductPrices, ProductPricesInput, QuantityPrice},
    promotions::{
        AppliedPromotion, CODES_MAX, CodeStanding, Customer, Held, HoldPromotions, PromotionInput, PromotionNotice,
        PromotionView, QuotePromotion,
    },
    taxes::{TaxArea, TaxAreaInput, TaxCategory, TaxLine},
};

/// A wanted line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct WantedLine {
    /// Variant.
    #[garde(skip)]
    pub variant_id: VariantId,
    /// How many.
    #[garde(range(min = 1, max = 10_000))]
    pub quantity: i64,
}

/// The shipping chosen for one vendor's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct ShippingChoice {
    /// Vendor.
    pub vendor_id: VendorId,
    /// One of its methods.
    pub method_id: ShippingMethodId,
}

/// Asks what a cart costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct QuoteRequest {
    /// In what it is to be paid. What is priced in another currency is converted and rounded, if the shop sells in both.
    #[garde(skip)]
    pub currency: Currency,
    /// Where it goes: decides the tax and the shipping methods.
    #[garde(skip)]
    pub country: Country,
    /// State or province it goes to, where that makes a difference for the tax: its code or its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(chars, max = 80))]
    pub region: Option<String>,
    /// The lines, at most 100. Lines of the same variant count as one.
    #[garde(length(min = 1, max = 100), dive)]
    pub lines: Vec<WantedLine>,
    /// Chosen methods; each vendor's cheapest is taken where none is named, or where the one named does
    /// not go to the country.
    #[serde(default)]
    #[garde(length(max = 100), dive)]
    pub shipping: Vec<ShippingChoice>,
    /// Codes of promotions. One that does not apply is told with its reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[garde(length(max = CODES_MAX))]
    pub codes: Vec<PromoCode>,
    /// Who orders, as far as known: for promotions that count uses per customer.
    #[serde(default, skip_serializing_if = "Customer::is_unknown")]
    #[garde(dive)]
    pub customer: Customer,
    /// How it is to be paid, as far as known: some ways cost something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(chars, max = 40))]
    pub payment_method: Option<String>,
}

/// What it costs to pay an order this way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentFee {
    /// The way to pay.
    pub method: String,
    /// For a person.
    pub label: String,
    /// How much, without tax if that is added.
    pub amount: Money,
}

/// What a cart costs, and why. The same request gives the same hash as long as nothing changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quote {
    /// SHA-256 over every line, discount, promotion, code, tax, rate and total.
    pub hash: String,
    /// Currency.
    pub currency: Currency,
    /// Where it goes.
    pub country: Country,
    /// Code of the region it goes to, if that makes a difference for the tax.
    #[serde(default)]
    pub region: Option<String>,
    /// The lines, in a fixed order.
    pub lines: Vec<QuoteLine>,
    /// Each vendor's part.
    pub vendors: Vec<QuoteVendor>,
    /// Sum of the lines before discounts.
    pub subtotal: Money,
    /// Sum of what is taken off the list prices of the lines (positive).
    pub discount: Money,
    /// Promotions, in the order they were applied.
    #[serde(default)]
    pub promotions: Vec<QuotePromotion>,
    /// What became of each code.
    #[serde(default)]
    pub codes: Vec<CodeStanding>,
    /// Sum of the shipping, after promotions, with the fee.
    pub shipping: Money,
    /// What the way to pay costs: those who send the order share it, and each has its share in its shipping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_fee: Option<PaymentFee>,
    /// Tax contained in the total.
    pub tax: Money,
    /// True if the tax was added to prices that did not contain it: totals of lines and shipping have it in
    /// them, `list_price`, `unit_price`, `subtotal` and `discount` have not.
    #[serde(default)]
    pub tax_added: bool,
    /// The tax by its rates; they add up to the total.
    #[serde(default)]
    pub taxes: Vec<TaxLine>,
    /// To pay.
    pub total: Money,
    /// The rates that prices in other currencies were converted with; none if nothing was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<QuoteRate>,
    /// How the totals came about, for a person.
    pub explanation: Vec<Reason>,
}

/// A line of a quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QuoteLine {
    /// Variant.
    pub variant_id: VariantId,
    /// Product.
    pub product_id: ProductId,
    /// Vendor.
    pub vendor_id: VendorId,
    /// Title of the product.
    pub title: String,
    /// Values of the options.
    pub options: Vec<String>,
    /// SKU.
    pub sku: String,
    /// How many.
    pub quantity: i64,
    /// List price of one.
    pub list_price: Money,
    /// Price of one at this quantity, after discounts and before promotions.
    pub unit_price: Money,
    /// What quantity, price list, discount and promotions take off the list price of the line (positive).
    pub discount: Money,
    /// What promotions take off `unit_price * quantity`.
    #[serde(default)]
    pub promotions: Vec<AppliedPromotion>,
    /// `list_price * quantity - discount`, with the tax if that is added.
    pub total: Money,
    /// Tax rate in basis points.
    pub tax_rate_bp: i64,
    /// Tax contained in the total.
    pub tax: Money,
    /// How it came about.
    pub explanation: Vec<Reason>,
    /// True if it is downloaded and not sent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub digital: bool,
    /// From the top of the tree to the product's own category.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<CategoryId>,
}

/// A vendor's part of a quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QuoteVendor {
    /// Vendor.
    pub vendor_id: VendorId,
    /// Its name.
    pub name: String,
    /// Sum of its lines.
    pub items: Money,
    /// True if all of it is downloaded: then nothing is sent, and no method is needed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub digital: bool,
    /// Chosen method; none if the vendor does not ship there, or has nothing to send.
    pub method: Option<ShippingOption>,
    /// Methods to choose from.
    pub methods: Vec<ShippingOption>,
    /// What promotions take off the price of the chosen method.
    #[serde(default)]
    pub promotions: Vec<AppliedPromotion>,
    /// Price of the chosen method, after promotions; with the tax if that is added.
    pub shipping: Money,
    /// Tax contained in `shipping`.
    pub shipping_tax: Money,
    /// `items + shipping`.
    pub total: Money,
    /// Tax contained in `total`.
    pub tax: Money,
    /// The same by its rates.
    #[serde(default)]
    pub taxes: Vec<TaxLine>,
    /// Ways to pay that are not offered for its goods.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused_methods: Vec<String>,
}

impl Quote {
    /// True if no courier brings some of it: it is downloaded, or its buyer fetches it.
    pub fn has_undelivered(&self) -> bool {
        let is_fetched = |vendor: &QuoteVendor| vendor.method.as_ref().is_some_and(|method| method.pickup.is_some());
        self.lines.iter().any(|line| line.digital) || self.vendors.iter().any(is_fetched)
    }
    /// The vendor whose goods are not paid this way, if there is one.
    pub fn refuses(&self, method: &str) -> Option<&QuoteVendor> {
        self.vendors.iter().find(|vendor| vendor.refused_methods.iter().any(|refused| refused == method))
    }
}

/// A way to ship, with its price for this cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShippingOption {
    /// Method.
    pub method_id: ShippingMethodId,
    /// Name.
    pub name: String,
    /// Price for this cart, without tax if that is added.
    pub price: Money,
    /// Days at least.
    pub days_min: i64,
    /// Days at most.
    pub days_max: i64,
    /// True if the carrier's price was not to be had, or only an old one: what it will cost the vendor is not sure.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub estimated: bool,
    /// When it arrives if it is ordered now; in an order: when it was to arrive. Not in orders from before this was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrives: Option<Arrival>,
    /// Where buyers fetch it themselves: then it is ready when it would arrive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pickup: Option<PickupPlace>,
}

impl ShippingOption {
    /// When it arrives if it is ordered at this time; as was said, where that was.
    pub fn arrival(&self, ordered_at: Timestamp) -> Arrival {
        let plain = || Handling::default().arrival(ordered_at, self.days_min, self.days_max);
        self.arrives.unwrap_or_else(plain)
    }
}

/// A step of an explanation: `Summer sale −20 %: −4.00 €`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// `list_price`, `quantity_price`, `price_list`, `discount`, `promotion`, `tax` (contained), `tax_added`, `shipping`, `free_shipping`,
    /// `exchange`, `exchange_rate` and `rounding` (told, they change nothing), `total`.
    pub rule: Cow<'static, str>,
    /// For a person.
    pub text: String,
    /// What it changes or amounts to.
    pub amount: Money,
}

/// A discount on products of one vendor, for a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DiscountView {
    /// Id.
    pub id: DiscountId,
    /// What can be changed.
    pub input: DiscountInput,
    /// True while it applies.
    pub active: bool,
    /// Version for `If-Match`.
    pub version: i64,
}

/// Creates or changes a discount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct DiscountInput {
    /// Name that buyers see.
    #[garde(length(chars, min = 1, max = 80))]
    pub name: String,
    /// Percent in basis points, 1 to 9,500: 2000 is 20 %.
    #[garde(range(min = 1, max = 9_500))]
    pub percent_bp: i64,
    /// Products it applies to; all of the store if empty.
    #[serde(default)]
    #[garde(length(max = 1000))]
    pub product_ids: Vec<ProductId>,
    /// From.
    #[garde(skip)]
    pub starts_at: Timestamp,
    /// Until, exclusive; open if left out.
    #[serde(default)]
    #[garde(skip)]
    pub ends_at: Option<Timestamp>,
}

/// What a variant costs now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Variant.
    pub variant_id: VariantId,
    /// Price after discounts.
    pub price: Money,
    /// List price.
    pub list_price: Money,
    /// Name of the discount, if one applies.
    pub discount: Option<String>,
    /// What each costs from a quantity on, by quantity; each less than the one before.
    #[serde(default)]
    pub quantity_prices: Vec<QuantityPrice>,
    /// Of a reduced price: the lowest that one cost in the 30 days before it was reduced.
    #[serde(default)]
    pub lowest_price: Option<Money>,
}

/// Prices of a product have changed: a discount began, ended or changed, or the list price did.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OfferChanged {
    /// Product.
    pub product_id: ProductId,
    /// All its variants.
    pub offers: Vec<Offer>,
}

events! { "offer" by product_id {
    OfferChanged = "offer.changed";
} }

client! {
    /// Client of the pricing service.
    PricingClient for "pricing" {
        /// What a cart costs, and why.
        post quote() body QuoteRequest => Quote, "/api/v1/quotes";
        /// The main currency, and those beside it that buyers may choose.
        get currencies() => ShopCurrencies, "/api/v1/currencies";
        /// The same with those that may not be chosen (admins).
        get all_currencies() => ShopCurrencies, "/api/v1/admin/currencies";
        /// Adds or changes a currency (admins).
        put set_currency(code: Currency) body CurrencyInput => ShopCurrency, "/api/v1/admin/currencies/{code}";
        /// Has a currency be chosen no longer (admins).
        delete disable_currency(code: Currency) => (), "/api/v1/admin/currencies/{code}";
        /// Discounts of a vendor, newest first.
        get discounts(vendor_id: VendorId) query PageRequest => Page<DiscountView>, "/api/v1/vendors/{vendor_id}/discounts";
        /// Creates a discount.
        post create_discount(vendor_id: VendorId) body DiscountInput => DiscountView, "/api/v1/vendors/{vendor_id}/discounts";
        /// One discount of a vendor.
        get discount(vendor_id: VendorId, id: DiscountId) => DiscountView, "/api/v1/vendors/{vendor_id}/discounts/{id}";
        /// Changes a discount.
        put update_discount(vendor_id: VendorId, id: DiscountId) body DiscountInput => DiscountView, "/api/v1/vendors/{vendor_id}/discounts/{id}";
        /// Removes a discount.
        delete delete_discount(vendor_id: VendorId, id: DiscountId) => (), "/api/v1/vendors/{vendor_id}/discounts/{id}";
        /// Promotions that are shown to everybody, those that end first first.
        get advertised_promotions() => Vec<PromotionNotice>, "/api/v1/promotions";
        /// A vendor's own promotions, newest first.
        get promotions(vendor_id: VendorId) query PageRequest => Page<PromotionView>, "/api/v1/vendors/{vendor_id}/promotions";
        /// Creates a promotion of a vendor.
        post create_promotion(vendor_id: VendorId) body PromotionInput => PromotionView, "/api/v1/vendors/{vendor_id}/promotions";
        /// One promotion of a vendor.
        get promotion(vendor_id: VendorId, id: PromotionId) => PromotionView, "/api/v1/vendors/{vendor_id}/promotions/{id}";
        /// Changes a promotion of a vendor.
        put update_promotion(vendor_id: VendorId, id: PromotionId) body PromotionInput => PromotionView, "/api/v1/vendors/{vendor_id}/promotions/{id}";
        /// Ends a promotion of a vendor.
        delete delete_promotion(vendor_id: VendorId, id: PromotionId) => (), "/api/v1/vendors/{vendor_id}/promotions/{id}";
        /// All promotions, newest first (admins).
        get all_promotions() query PageRequest => Page<PromotionView>, "/api/v1/admin/promotions";
        /// Creates a promotion of the platform (admins).
        post create_any_promotion() body PromotionInput => PromotionView, "/api/v1/admin/promotions";
        /// Any promotion (admins).
        get any_promotion(id: PromotionId) => PromotionView, "/api/v1/admin/promotions/{id}";
        /// Changes any promotion (admins).
        put update_any_promotion(id: PromotionId) body PromotionInput => PromotionView, "/api/v1/admin/promotions/{id}";
        /// Ends any promotion (admins).
        delete delete_any_promotion(id: PromotionId) => (), "/api/v1/admin/promotions/{id}";
        /// Holds the promotions of an order that is about to be placed, for `orders`.
        post hold() body HoldPromotions => Held, "/internal/promotions/hold";
        /// Prices of a vendor's product beyond its list prices.
        get product_prices(vendor_id: VendorId, id: ProductId) => ProductPrices, "/api/v1/vendors/{vendor_id}/products/{id}/prices";
        /// Sets them, all of them.
        put set_product_prices(vendor_id: VendorId, id: ProductId) body ProductPricesInput => ProductPrices, "/api/v1/vendors/{vendor_id}/products/{id}/prices";
        /// A vendor's price lists, newest first.
        get price_lists(vendor_id: VendorId) query PageRequest => Page<PriceListView>, "/api/v1/vendors/{vendor_id}/price-lists";
        /// Creates a price list of a vendor.
        post create_price_list(vendor_id: VendorId) body PriceListInput => PriceListView, "/api/v1/vendors/{vendor_id}/price-lists";
        /// One price list of a vendor.
        get price_list(vendor_id: VendorId, id: PriceListId) => PriceListView, "/api/v1/vendors/{vendor_id}/price-lists/{id}";
        /// Changes a price list of a vendor.
        put update_price_list(vendor_id: VendorId, id: PriceListId) body PriceListInput => PriceListView, "/api/v1/vendors/{vendor_id}/price-lists/{id}";
        /// Removes a price list of a vendor.
        delete delete_price_list(vendor_id: VendorId, id: PriceListId) => (), "/api/v1/vendors/{vendor_id}/price-lists/{id}";
        /// Groups of customers for which a vendor can make price lists.
        get groups_for_vendor(vendor_id: VendorId) => Vec<CustomerGroup>, "/api/v1/vendors/{vendor_id}/customer-groups";
        /// Groups of customers (admins).
        get customer_groups() => Vec<CustomerGroup>, "/api/v1/admin/customer-groups";
        /// Adds or renames a group of customers (admins).
        put set_customer_group(key: &str) body CustomerGroup => CustomerGroup, "/api/v1/admin/customer-groups/{key}";
        /// Removes a group of customers that no price list is for (admins).
        delete delete_customer_group(key: &str) => (), "/api/v1/admin/customer-groups/{key}";
        /// The groups that a customer is in (admins).
        get groups_of_customer(account_id: AccountId) => GroupsOfCustomer, "/api/v1/admin/customers/{account_id}/groups";
        /// Puts a customer into exactly these groups (admins).
        put assign_groups(account_id: AccountId) body GroupsOfCustomer => GroupsOfCustomer, "/api/v1/admin/customers/{account_id}/groups";
        /// How countries and regions tax.
        get tax_areas() => Vec<TaxArea>, "/api/v1/tax-areas";
        /// Sets how a country taxes (admins).
        put set_tax_area(country: &str) body TaxAreaInput => TaxArea, "/api/v1/admin/tax-areas/{country}";
        /// Forgets how a country taxes, with its regions (admins).
        delete delete_tax_area(country: &str) => (), "/api/v1/admin/tax-areas/{country}";
        /// Sets how a region of a country taxes (admins).
        put set_tax_region(country: &str, region: &str) body TaxAreaInput => TaxArea, "/api/v1/admin/tax-areas/{country}/regions/{region}";
        /// Forgets how a region taxes (admins).
        delete delete_tax_region(country: &str, region: &str) => (), "/api/v1/admin/tax-areas/{country}/regions/{region}";
        /// Kinds of goods that are taxed alike.
        get tax_categories() => Vec<TaxCategory>, "/api/v1/tax-categories";
        /// Adds or renames one (admins).
        put set_tax_category(key: &str) body TaxCategory => TaxCategory, "/api/v1/admin/tax-categories/{key}";
        /// Removes one that no product is in (admins).
        delete delete_tax_category(key: &str) => (), "/api/v1/admin/tax-categories/{key}";
    }
}
