//! French.

use kernel::Locale;

use crate::Words;

/// French.
pub static WORDS: Words = Words {
    code: "fr",
    locale: Locale::Fr,
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    order_confirmation: "Confirmation de commande",
    receipt: "Reçu",
    credit_note: "Avoir",
    date: "Date",
    item: "Article",
    quantity: "Quantité",
    each: "Prix unitaire",
    amount: "Montant",
    sum: "Somme",
    not_a_receipt: "Ceci n’est pas un reçu\u{a0}: la commande n’est pas encore payée.",
    paper_gift: "Ceci est un cadeau.",
    paid_with: "Moyen de paiement",
    paid_with_credit: "Payé avec des cartes cadeaux et un avoir",
    credited: "Total remboursé",
    refund: "Remboursement",
    delivery: "Livraison",
    tax_on_items: "Taxe sur les articles, incluse",
    items: "Articles",
    order: "Commande",
    ordered_on: "Commandé le",
    total: "Total",
    tax: "Taxe",
    tax_contained: "Taxe, incluse",
    see_order: "Voir la commande",
    to_be_downloaded: "À télécharger",
    made_not_wanted: "Si vous n’en voulez pas, vous n’avez rien à faire\u{a0}: elle sera alors annulée et rien ne sera débité.",
    made_promised_not_wanted: "Si vous n’en voulez pas, annulez-la sur sa page avant son envoi.",
    downloads_are_there: "Vos téléchargements sont disponibles dès maintenant sur la page de la commande.",
    mail_gift: "C’est un cadeau\u{a0}: le colis ne contient aucun prix.",
    tax_included: "Taxe incluse",
    because_unpaid: "car le paiement n’a pas abouti",
    because_courier_unpaid: "car le livreur n’a pas été payé",
    because_late: "car elle n’a pas été payée à temps",
    because_sold_out: "car un de ses articles est épuisé entre-temps",
    because_of_us: "par la place de marché",
    because_wished: "comme vous le souhaitiez",
    money_goes_back: "Ce que vous avez payé vous sera remboursé.",
    nothing_charged: "Rien n’a été débité.",
    rejected: "Quelqu’un a été plus rapide\u{a0}: tous les articles de votre commande ne sont plus disponibles. Rien n’a été débité.",
    missing: "Ce qui manque",
    sold_out: "épuisé",
    back_to_cart: "Retour au panier",
    the_shop: "la boutique",
    follow_parcel: "Suivre le colis",
    how_is_it: "Êtes-vous satisfait de votre achat\u{a0}?",
    a_product: "Un article",
    write_review: "Écrire un avis",
    all_reviews: "Tous vos avis",
    asked_once: "Nous ne posons la question qu’une fois par commande.",
    to_be_sent: "À renvoyer",
    nothing_was_paid: "Rien n’avait été payé pour cela.",
    goes_back: "Remboursement",
    less_to_pay: "À payer en moins",
    exchange_is_next: "L’article de remplacement sera expédié ensuite.",
    received: "Reçu",
    in_this_parcel: "Dans ce colis",
    somebody: "un transporteur",
    unknown: "inconnu",
    taken_out_as_asked: "Comme vous l’avez demandé, ceci a été retiré de votre commande et ne sera pas expédié.",
    taken_out_by_us: "Nous avons retiré ceci de votre commande\u{a0}; il ne sera pas expédié.",
    taken_out: "Retiré",
    stays_called_off: "Elle a été annulée entre-temps.",
    stays_handed_over: "Il a été remis au transporteur entre-temps.",
    stays_not_there_yet: "Le stock est encore en cours de réservation. Réessayez dans un instant.",
    stays_whole: "Ce colis part en entier.",
    return_it_later: "S’il est déjà en route, vous pourrez le renvoyer après son arrivée.",
    stays_in_order: "Reste dans la commande",
    verify_subject: "Confirmez votre adresse e-mail",
    verify: "Veuillez confirmer que cette adresse est bien la vôtre. Le lien ne peut servir qu’une fois, pendant deux jours.",
    verify_button: "Confirmer l’adresse",
    verify_not_me: "Si vous n’avez pas ouvert de compte, vous n’avez rien à faire.",
    reset_subject: "Choisissez un nouveau mot de passe",
    reset: "Vous pouvez choisir ici un nouveau mot de passe. Le lien ne peut servir qu’une fois, pendant une demi-heure.",
    reset_button: "Choisir un nouveau mot de passe",
    reset_not_me: "Si vous n’avez pas fait cette demande, votre mot de passe reste inchangé.",
    changed_subject: "Votre mot de passe a été modifié",
    changed: "Votre mot de passe a été modifié et vous avez été déconnecté de vos autres appareils.",
    changed_not_me: "Ce n’était pas moi",
    registered_subject: "Vous avez déjà un compte",
    registered: "Quelqu’un, probablement vous, a essayé d’ouvrir un compte avec cette adresse. Vous en avez déjà un.",
    log_in: "Se connecter",
    registered_forgotten: "Si vous avez oublié votre mot de passe, vous pouvez en choisir un nouveau sur la page de connexion.",
    have_a_look: "Voir l’article",
    notice_confirm: "Veuillez confirmer que nous pouvons écrire à cette adresse. Le lien est valable deux jours. Il y aura un seul message, puis l’adresse sera oubliée.",
    notice_yes: "Oui, prévenez-moi",
    notice_not_me: "Si ce n’était pas vous, vous n’avez rien à faire\u{a0}: sans le lien, rien ne sera envoyé.",
    left_subject: "Encore dans votre panier",
    look_at_cart: "Voir le panier",
    read_answer: "Lire la réponse",
    gift_card_use: "Saisissez-le au moment de payer. Ce que vous n’utilisez pas en une fois reste sur la carte.",
    gift_card_keep: "Quiconque a le code peut l’utiliser\u{a0}: gardez ce message pour vous.",
    look_around: "Voir la boutique",
    day: |day, month, year| match day {
        "1" => format!("1er {month} {year}"),
        _ => format!("{day} {month} {year}"),
    },
    page: |at, count| format!("Page {at} sur {count}"),
    paper_gift_with: |message| format!("Ceci est un cadeau. Le message sur le bon de livraison\u{a0}: {message}"),
    pay_method: |key| match key {
        "card" => "carte".to_owned(),
        "bank_transfer" => "virement".to_owned(),
        "cash_on_delivery" => "paiement à la livraison".to_owned(),
        other => other.replace('_', " "),
    },
    went_back: |amount| format!("{amount} de ce montant ont été remboursés\u{a0}; les avoirs en donnent le détail."),
    refund_for: |order| format!("Remboursement de la commande {order}"),
    returned_to: |vendor, number| format!("{vendor}, retour {number}"),
    paid_back_by: |vendor, number| format!("{vendor}, remboursement {number}"),
    taken_out_of: |vendor, number| format!("{vendor}, retrait {number}"),
    tax_on: |name, rate, net| format!("{name} {rate} sur {net}"),
    tax_contained_in: |name, rate, net| format!("{name} {rate} sur {net}, incluse"),
    less: |amount, promotion| format!("moins {amount}, {promotion}"),
    hello: |name| format!("Bonjour {name},"),
    made_subject: |number| format!("Votre commande {number} vous attend"),
    made: |number, date, time| {
        format!(
            "Nous avons préparé la commande {number} pour vous. Consultez-la et payez-la sur sa page jusqu’au {date} à {time} (UTC)."
        )
    },
    made_promised: |number| {
        format!(
            "Nous avons passé la commande {number} pour vous. Consultez-la\u{a0}; vous payez le livreur à la remise."
        )
    },
    confirmed_subject: |number| format!("Votre commande {number}"),
    confirmed: |number| format!("Merci, votre commande {number} est payée."),
    confirmed_parcels: |number, parcels| match parcels {
        1 => format!(
            "Merci, votre commande {number} est payée et transmise aux boutiques. Elle arrivera en un seul colis."
        ),
        _ => format!(
            "Merci, votre commande {number} est payée et transmise aux boutiques. Elle arrivera en plusieurs colis, un par boutique."
        ),
    },
    promised_parcels: |number, parcels| match parcels {
        1 => format!("Merci, votre commande {number} est transmise aux boutiques. Elle arrivera en un seul colis."),
        _ => format!(
            "Merci, votre commande {number} est transmise aux boutiques. Elle arrivera en plusieurs colis, un par boutique."
        ),
    },
    to_collect: |amount| format!("Merci de préparer {amount}\u{a0}: vous payez le livreur à la remise."),
    paper_to_collect: |amount| format!("À payer au livreur\u{a0}: {amount}."),
    arrives_on: |date| format!("Arrive le {date}"),
    arrives_between: |from, to| format!("Arrive entre le {from} et le {to}"),
    goes_to: |address| format!("Adresse de livraison\u{a0}: {address}"),
    mail_gift_with: |message| format!("C’est un cadeau, avec ce message sur le bon de livraison\u{a0}: {message}"),
    saved_with: |promotion| format!("Économisé avec {promotion}"),
    rate_included: |name, rate| format!("{name} {rate}, incluse"),
    cancelled_subject: |number| format!("Votre commande {number} a été annulée"),
    cancelled: |number, why, money| format!("Votre commande {number} a été annulée {why}. {money}"),
    rejected_subject: |number| format!("Votre commande {number} n’a pas pu être acceptée"),
    left: |pieces| match pieces {
        1 => format!("{pieces} disponible"),
        _ => format!("{pieces} disponibles"),
    },
    refunded_subject: |amount| format!("Un remboursement de {amount} est en route"),
    refunded: |amount, number| {
        format!(
            "Nous vous avons remboursé {amount} de votre commande {number}. Selon votre banque, le montant arrive en quelques jours."
        )
    },
    shipped_subject: |shop| format!("Votre colis de {shop} est en route"),
    shipped: |shop, carrier, number| {
        format!("Votre colis de {shop} a été remis à {carrier}. Le numéro de suivi est {number}.")
    },
    in_parcel: |number| format!("Dans ce colis ({number})"),
    delivered_subject: |shop| format!("Votre colis de {shop} est arrivé"),
    delivered: |shop| format!("Votre colis de {shop} a été livré. Nous espérons qu’il vous plaira."),
    ready_subject: |shop| format!("Votre commande chez {shop} est prête à être retirée"),
    ready: |shop, place, code| {
        format!(
            "Votre commande chez {shop} est prête à être retirée\u{a0}: {place}. Présentez-y ce code\u{a0}: {code}."
        )
    },
    fetched_subject: |shop| format!("Vous avez retiré votre commande chez {shop}"),
    fetched: |shop| format!("Vous avez retiré votre commande chez {shop}. Nous espérons qu’elle vous plaira."),
    invited: |number| {
        format!(
            "Vous avez depuis quelques jours ce que vous avez acheté avec la commande {number}. Qu’en pensez-vous\u{a0}? Quelques mots aident les autres à choisir et la boutique à s’améliorer."
        )
    },
    return_refused_subject: |shop| format!("{shop} n’accepte pas votre retour"),
    return_refused: |shop, number| format!("{shop} n’accepte pas le retour {number}."),
    return_closed_subject: |number| format!("Votre retour {number} est clos"),
    return_closed: |shop, number| format!("{shop} a clos votre retour {number}."),
    return_approved_subject: |shop| format!("{shop} accepte votre retour"),
    return_approved: |shop| {
        format!(
            "{shop} reprend les articles indiqués ici. Renvoyez-les, puis notez le numéro du colis sur la page de la commande."
        )
    },
    return_labelled_subject: |shop| format!("Votre étiquette pour {shop}"),
    return_labelled: |shop, carrier, number| {
        format!(
            "{shop} a acheté une étiquette {carrier} pour votre retour {number}. Imprimez-la depuis la page de la commande, collez-la et remettez le colis. Elle ne vous coûte rien et vous n’avez aucun numéro à noter."
        )
    },
    reason_given: |why| format!("Le motif\u{a0}: {why}"),
    how_to_send: |how| format!("Comment le renvoyer\u{a0}: {how}"),
    less_to_courier: |amount| format!("Vous payez {amount} de moins au livreur."),
    money_back: |amount| {
        format!("{amount} vous seront remboursés\u{a0}; nous vous écrirons lorsque le montant sera envoyé.")
    },
    return_received_subject: |shop| format!("{shop} a reçu votre retour"),
    return_received: |shop, number| format!("{shop} a reçu votre retour {number}."),
    shop_writes: |shop, text| format!("{shop} écrit\u{a0}: {text}"),
    exchanged_subject: |shop| format!("{shop} a expédié votre article de remplacement"),
    exchanged: |shop, carrier, number| {
        format!("Votre colis de {shop} a été remis à {carrier}. Le numéro de suivi est {number}.")
    },
    taken_out_by: |shop| format!("{shop} a retiré ceci de votre commande\u{a0}; il ne sera pas expédié."),
    withdrawn_subject: |number| format!("Retiré de votre commande {number}"),
    not_withdrawn_subject: |number| format!("Votre commande {number} reste inchangée"),
    not_withdrawn: |why| format!("Ce que vous vouliez retirer de votre commande n’a pas pu l’être. {why}"),
    back_subject: |what| format!("{what} est de retour"),
    back: |what| {
        format!("{what} est de nouveau disponible. Vous vouliez le savoir\u{a0}; c’est le seul message à ce sujet.")
    },
    notice_subject: |what| format!("Devons-nous vous écrire au retour de {what}\u{a0}?"),
    notice_asked: |what| {
        format!("Quelqu’un, probablement vous, souhaite savoir quand {what} sera de nouveau disponible.")
    },
    notice_stop: |url| format!("Pour mettre fin à tous ces messages à cette adresse\u{a0}: {url}"),
    notice_back: |what| {
        format!(
            "{what} est de nouveau disponible. Vous vouliez le savoir\u{a0}; c’est le seul message à ce sujet, et votre adresse est oubliée."
        )
    },
    notice_stop_others: |url| format!("Si vous attendez aussi autre chose, vous pouvez y mettre fin ici\u{a0}: {url}"),
    left_cart: |pieces| match pieces {
        1 => "Il reste un article dans votre panier. Les prix et les stocks peuvent avoir changé depuis.".to_owned(),
        _ => {
            format!("Il reste {pieces} articles dans votre panier. Les prix et les stocks peuvent avoir changé depuis.")
        }
    },
    left_stop: |url| format!("Ne plus recevoir de messages au sujet de votre panier\u{a0}: {url}"),
    review_answered_subject: |shop| format!("{shop} a répondu à votre avis"),
    review_answered: |shop| {
        format!("{shop} a répondu à votre avis. La réponse se trouve en dessous, visible par tous.")
    },
    gift_card_subject: |amount| format!("Une carte cadeau de {amount} pour vous"),
    gift_card: |amount| format!("Vous avez reçu une carte cadeau de {amount}. Son code est\u{a0}:"),
    gift_card_until: |date, time| format!("Elle peut être utilisée jusqu’au {date} à {time} (UTC)."),
};
