//! The table that a language fills in.

use kernel::{Locale, Money, Timestamp};

/// Declares the table: what is always the same is a field, what tells something a function.
macro_rules! words {
    (
        texts { $( $(#[$text_doc:meta])* $text:ident; )* }
        sentences { $( $(#[$doc:meta])* $name:ident($($arg:ident: $ty:ty),*); )* }
    ) => {
        /// Everything that is said in one language.
        #[derive(Debug)]
        pub struct Words {
            /// Code of the language.
            pub code: &'static str,
            /// Its conventions for numbers.
            pub locale: Locale,
            pub(crate) months: [&'static str; 12],
            $( $(#[$text_doc])* pub $text: &'static str, )*
            $( pub(crate) $name: fn($($ty),*) -> String, )*
        }

        impl Words {
            $(
                $(#[$doc])*
                pub fn $name(&self, $($arg: $ty),*) -> String {
                    (self.$name)($($arg),*)
                }
            )*
        }

        #[cfg(test)]
        impl Words {
            /// Every text with its name.
            pub(crate) fn texts(&self) -> Vec<(&'static str, &'static str)> {
                vec![$( (stringify!($text), self.$text) ),*]
            }
            /// Every sentence with its name, and what has to be in it: its arguments, told apart by their names.
            pub(crate) fn sentences(&self) -> Vec<(&'static str, Vec<String>, String)> {
                vec![$( (
                    stringify!($name),
                    vec![$( <$ty as crate::tests::Sample>::sample(concat!("<", stringify!($arg), ">")).to_string() ),*],
                    self.$name($( crate::tests::Sample::sample(concat!("<", stringify!($arg), ">")) ),*),
                ) ),*]
            }
        }
    };
}

words! {
    texts {
        // On papers.

        /// Heading of what was ordered.
        order_confirmation;
        /// Heading of what was paid.
        receipt;
        /// Heading of what went back.
        credit_note;
        /// Before the date of a paper.
        date;
        /// Head of the column of what is listed.
        item;
        /// Head of the column of how many.
        quantity;
        /// Head of the column of what one costs.
        each;
        /// Head of the column of amounts.
        amount;
        /// Head of the column of what sums are called.
        sum;
        /// A paper is no proof of a payment.
        not_a_receipt;
        /// An order goes as a gift.
        paper_gift;
        /// Before the way to pay.
        paid_with;
        /// Before what was paid with stored value.
        paid_with_credit;
        /// The total of a credit note.
        credited;
        /// Heading of an amount that went back without particulars.
        refund;
        /// What delivery costs.
        delivery;
        /// The tax within the items that went back.
        tax_on_items;
        /// The sum of what was bought.
        items;
        /// Before an order's number.
        order;
        /// Before the date of the order.
        ordered_on;
        /// The total.
        total;
        /// Taxes whose rates are not known.
        tax;
        /// The same, where the total contains them.
        tax_contained;

        // In letters about an order.

        /// Leads to the order's page.
        see_order;
        /// Heading of what is downloaded.
        to_be_downloaded;
        /// What a buyer can do who did not want the order.
        made_not_wanted;
        /// The same of an order that the courier is paid for.
        made_promised_not_wanted;
        /// The confirmation of what is downloaded.
        downloads_are_there;
        /// The order goes as a gift without a message.
        mail_gift;
        /// Tax in the total whose rates are not known.
        tax_included;
        /// Why an order was called off: the payment failed.
        because_unpaid;
        /// The courier was not paid.
        because_courier_unpaid;
        /// It was not paid in time.
        because_late;
        /// Something was sold out.
        because_sold_out;
        /// The marketplace did it.
        because_of_us;
        /// The buyer did it.
        because_wished;
        /// What was paid goes back.
        money_goes_back;
        /// Nothing was taken.
        nothing_charged;
        /// Not everything in an order was there.
        rejected;
        /// Heading of what is not there.
        missing;
        /// Nothing is left of it.
        sold_out;
        /// Leads to the cart.
        back_to_cart;
        /// Who has sent something, if the name is not known. Stands behind “from”.
        the_shop;
        /// Leads to where a parcel is.
        follow_parcel;
        /// Subject of the invitation to review.
        how_is_it;
        /// Something bought whose name is not known.
        a_product;
        /// Heading of what can be reviewed.
        write_review;
        /// Leads to one's reviews.
        all_reviews;
        /// There will be no second invitation.
        asked_once;

        // In letters about returns.

        /// Heading of what the buyer has to send.
        to_be_sent;
        /// Nothing goes back, since nothing was paid.
        nothing_was_paid;
        /// What goes back.
        goes_back;
        /// What the courier collects less.
        less_to_pay;
        /// The exchange follows.
        exchange_is_next;
        /// Heading of what has arrived.
        received;
        /// Heading of what lies in a parcel.
        in_this_parcel;
        /// A carrier that is not known. Stands behind “to”.
        somebody;
        /// A number that is not known.
        unknown;
        /// Something was taken out of the order, as its buyer asked.
        taken_out_as_asked;
        /// The marketplace has taken something out.
        taken_out_by_us;
        /// Heading of what was taken out.
        taken_out;
        /// Why something stays: the order was called off.
        stays_called_off;
        /// It has left.
        stays_handed_over;
        /// It is not there yet.
        stays_not_there_yet;
        /// The parcel cannot be divided any more.
        stays_whole;
        /// What has left can be returned.
        return_it_later;
        /// Heading of what stays in the order.
        stays_in_order;

        // In letters about an account.

        /// Subject: the address is to be confirmed.
        verify_subject;
        /// What is asked for.
        verify;
        /// Leads to it.
        verify_button;
        /// If it was somebody else.
        verify_not_me;
        /// Subject: a new password.
        reset_subject;
        /// How to set it.
        reset;
        /// Leads to it.
        reset_button;
        /// If it was somebody else.
        reset_not_me;
        /// Subject: the password was changed.
        changed_subject;
        /// What has happened.
        changed;
        /// Leads to a new password.
        changed_not_me;
        /// Subject: there is an account already.
        registered_subject;
        /// What has happened.
        registered;
        /// Leads to the log-in.
        log_in;
        /// If the password is forgotten.
        registered_forgotten;
        /// Leads to something that is back.
        have_a_look;
        /// What somebody without an account agrees to.
        notice_confirm;
        /// Leads to it.
        notice_yes;
        /// If it was somebody else.
        notice_not_me;
        /// Subject: something is left in the cart.
        left_subject;
        /// Leads to the cart.
        look_at_cart;
        /// Leads to the answer to a review.
        read_answer;

        // In letters with a gift card.

        /// How its code is used.
        gift_card_use;
        /// That others can use it, too.
        gift_card_keep;
        /// Leads to the shop.
        look_around;
    }
    sentences {
        /// A date.
        day(day: &str, month: &str, year: &str);

        // On papers.

        /// Which page it is.
        page(at: i64, count: i64);
        /// A gift with its message.
        paper_gift_with(message: &str);
        /// A way to pay by its key.
        pay_method(key: &str);
        /// What of a receipt went back.
        went_back(amount: &str);
        /// An amount that went back without particulars.
        refund_for(order: &str);
        /// Heading of what a vendor got back.
        returned_to(vendor: &str, number: &str);
        /// Over what a vendor pays back without a return.
        paid_back_by(vendor: &str, number: &str);
        /// Heading of what was taken out before it was sent.
        taken_out_of(vendor: &str, number: &str);
        /// A tax that was added to the prices.
        tax_on(name: &str, rate: &str, net: &str);
        /// A tax that the prices contain.
        tax_contained_in(name: &str, rate: &str, net: &str);
        /// What a promotion takes off.
        less(amount: &str, promotion: &str);

        // In letters about an order.

        /// How a letter begins.
        hello(name: &str);
        /// Subject: an order was made for the buyer.
        made_subject(number: &str);
        /// What is to be done with it, until when.
        made(number: &str, date: &str, time: &str);
        /// What is to be done with one that the courier is paid for.
        made_promised(number: &str);
        /// Subject of the confirmation.
        confirmed_subject(number: &str);
        /// It is paid, and nothing is sent.
        confirmed(number: &str);
        /// It is paid, and comes in so many parcels.
        confirmed_parcels(number: &str, parcels: i64);
        /// The courier is paid; it comes in so many parcels.
        promised_parcels(number: &str, parcels: i64);
        /// What the courier is to be paid.
        to_collect(amount: &str);
        /// The same on a paper.
        paper_to_collect(amount: &str);
        /// The day on which a parcel arrives.
        arrives_on(date: &str);
        /// The days between which a parcel arrives.
        arrives_between(from: &str, to: &str);
        /// Where it goes.
        goes_to(address: &str);
        /// A gift with its message.
        mail_gift_with(message: &str);
        /// What a promotion has saved.
        saved_with(promotion: &str);
        /// A tax in the total.
        rate_included(name: &str, rate: &str);
        /// Subject: it was called off.
        cancelled_subject(number: &str);
        /// It was called off, why, and what becomes of the money.
        cancelled(number: &str, why: &str, money: &str);
        /// Subject: not all of it was there.
        rejected_subject(number: &str);
        /// How many are left.
        left(pieces: i64);
        /// Subject: money is on its way.
        refunded_subject(amount: &str);
        /// How much, and of which order.
        refunded(amount: &str, number: &str);
        /// Subject: a parcel is on its way.
        shipped_subject(shop: &str);
        /// Who has handed it to whom.
        shipped(shop: &str, carrier: &str, number: &str);
        /// Heading of what lies in it.
        in_parcel(number: &str);
        /// Subject: it has arrived.
        delivered_subject(shop: &str);
        /// It has arrived.
        delivered(shop: &str);
        /// Subject: it can be fetched.
        ready_subject(shop: &str);
        /// Where it can be fetched, and what to show there.
        ready(shop: &str, place: &str, code: &str);
        /// Subject: it was fetched.
        fetched_subject(shop: &str);
        /// It was fetched.
        fetched(shop: &str);
        /// What does the buyer think of it?
        invited(number: &str);

        // In letters about returns.

        /// Subject: the store refuses.
        return_refused_subject(shop: &str);
        /// The store refuses.
        return_refused(shop: &str, number: &str);
        /// Subject: the return is closed.
        return_closed_subject(number: &str);
        /// The return is closed.
        return_closed(shop: &str, number: &str);
        /// Subject: the store takes it.
        return_approved_subject(shop: &str);
        /// The store takes it, and what the buyer has to do.
        return_approved(shop: &str);
        /// Subject: there is a label to send it with.
        return_labelled_subject(shop: &str);
        /// There is a label to send it with.
        return_labelled(shop: &str, carrier: &str, number: &str);
        /// Why.
        reason_given(why: &str);
        /// How to send it.
        how_to_send(how: &str);
        /// How much goes back.
        money_back(amount: &str);
        /// What the courier is to be paid less.
        less_to_courier(amount: &str);
        /// Subject: the store has it.
        return_received_subject(shop: &str);
        /// The store has it.
        return_received(shop: &str, number: &str);
        /// What the store says of it.
        shop_writes(shop: &str, text: &str);
        /// Subject: the exchange is on its way.
        exchanged_subject(shop: &str);
        /// Who has handed it to whom.
        exchanged(shop: &str, carrier: &str, number: &str);
        /// The store has taken something out.
        taken_out_by(shop: &str);
        /// Subject: something was taken out.
        withdrawn_subject(number: &str);
        /// Subject: nothing was taken out.
        not_withdrawn_subject(number: &str);
        /// Nothing was taken out, and why.
        not_withdrawn(why: &str);

        // In letters about an account.

        /// Subject: something is back.
        back_subject(what: &str);
        /// It is back.
        back(what: &str);
        /// Subject: may it be told when something is back?
        notice_subject(what: &str);
        /// Somebody without an account wants to know.
        notice_asked(what: &str);
        /// Where all such letters are ended.
        notice_stop(url: &str);
        /// It is back, for somebody without an account.
        notice_back(what: &str);
        /// Where other letters of the kind are ended.
        notice_stop_others(url: &str);
        /// So much is left in the cart.
        left_cart(pieces: i64);
        /// Where such letters are ended.
        left_stop(url: &str);
        /// Subject: the store has answered a review.
        review_answered_subject(shop: &str);
        /// The store has answered a review.
        review_answered(shop: &str);

        // In letters with a gift card.

        /// Subject: somebody was given one.
        gift_card_subject(amount: &str);
        /// What it is worth. Its code follows.
        gift_card(amount: &str);
        /// Until when it can be used.
        gift_card_until(date: &str, time: &str);
    }
}

impl Words {
    /// Code of the language, if it is not English.
    pub fn other(&self) -> Option<&'static str> {
        (self.code != crate::english().code).then_some(self.code)
    }
    /// The date of a moment, in UTC.
    pub fn date_of(&self, at: Timestamp) -> String {
        let month = at.format("%-m").parse::<usize>().ok().and_then(|month| self.months.get(month.checked_sub(1)?));
        self.day(&at.format("%-d"), month.copied().unwrap_or_default(), &at.format("%Y"))
    }
    /// An amount.
    pub fn money(&self, money: Money) -> String {
        self.locale.money(money)
    }
}
